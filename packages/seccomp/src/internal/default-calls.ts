// The system calls a container may make whatever its capabilities, by what they are for. Which ones these are is Docker's
// choice; the order and the words are ours.

const words = (text: string): string[] => text.trim().split(/\s+/)

const PROCESSES = words(`
  fork vfork execve execveat exit exit_group wait4 waitid waitpid kill tkill tgkill pause pidfd_open pidfd_send_signal
  process_mrelease prctl seccomp set_tid_address set_robust_list get_robust_list set_thread_area get_thread_area rseq
  restart_syscall uretprobe
  getpid getppid gettid getpgid getpgrp getsid setpgid setsid`)

const IDENTITY = words(`
  getuid getuid32 geteuid geteuid32 getgid getgid32 getegid getegid32 getresuid getresuid32 getresgid getresgid32
  getgroups getgroups32 setuid setuid32 setgid setgid32 setreuid setreuid32 setregid setregid32 setresuid setresuid32
  setresgid setresgid32 setfsuid setfsuid32 setfsgid setfsgid32 setgroups setgroups32 capget capset umask`)

const SIGNALS = words(`
  rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
  rt_sigtimedwait_time64 rt_tgsigqueueinfo sigaltstack signalfd signalfd4 sigprocmask sigreturn`)

const SCHEDULING = words(`
  sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min sched_getscheduler
  sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler
  sched_yield getcpu getpriority setpriority ioprio_get ioprio_set getrlimit ugetrlimit setrlimit prlimit64 getrusage
  times sysinfo uname getrandom membarrier`)

const TIME = words(`
  time gettimeofday clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep
  clock_nanosleep_time64 nanosleep clock_adjtime clock_adjtime64 adjtimex alarm getitimer setitimer timer_create
  timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create
  timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64`)

const MEMORY = words(`
  brk mmap mmap2 munmap mremap mprotect madvise mincore msync mlock mlock2 mlockall munlock munlockall mseal
  remap_file_pages map_shadow_stack memfd_create memfd_secret pkey_alloc pkey_free pkey_mprotect`)

const FILES = words(`
  open openat openat2 creat close close_range dup dup2 dup3 fcntl fcntl64 flock ioctl lseek _llseek
  read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 readahead fadvise64 fadvise64_64
  sendfile sendfile64 copy_file_range splice tee vmsplice fallocate truncate truncate64 ftruncate ftruncate64
  sync syncfs fsync fdatasync sync_file_range cachestat name_to_handle_at`)

const DIRECTORIES = words(`
  getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir link linkat symlink symlinkat readlink readlinkat unlink
  unlinkat rename renameat renameat2 mknod mknodat`)

const METADATA = words(`
  stat stat64 lstat lstat64 fstat fstat64 fstatat64 newfstatat statx statfs statfs64 fstatfs fstatfs64 statmount
  listmount access faccessat faccessat2 chmod fchmod fchmodat fchmodat2 chown chown32 fchown fchown32 fchownat lchown
  lchown32 utime utimes futimesat utimensat utimensat_time64
  getxattr lgetxattr fgetxattr getxattrat setxattr lsetxattr fsetxattr setxattrat listxattr llistxattr flistxattr
  listxattrat removexattr lremovexattr fremovexattr removexattrat`)

const EVENTS = words(`
  select _newselect pselect6 pselect6_time64 poll ppoll ppoll_time64 epoll_create epoll_create1 epoll_ctl
  epoll_ctl_old epoll_wait epoll_wait_old epoll_pwait epoll_pwait2 eventfd eventfd2 pipe pipe2 inotify_add_watch
  inotify_init inotify_init1 inotify_rm_watch fanotify_mark
  io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents io_pgetevents_time64`)

const LOCKS = words('futex futex_time64 futex_wait futex_waitv futex_wake futex_requeue')

const SYSTEM_V = words(
  'ipc semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget msgctl msgget msgrcv msgsnd'
)

const MESSAGE_QUEUES = words(`
  mq_open mq_unlink mq_getsetattr mq_notify mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64`)

// socket(2) itself is a matter of the address family; so is socketcall(2), which the compiler opens for exactly these.
const SOCKETS = words(`
  socketpair bind listen accept accept4 connect shutdown getsockname getpeername getsockopt setsockopt send sendto
  sendmsg sendmmsg recv recvfrom recvmsg recvmmsg recvmmsg_time64`)

const CONFINEMENT = words('landlock_add_rule landlock_create_ruleset landlock_restrict_self')

/** Calls that are allowed with any capabilities, on any architecture that has them. */
export const ALWAYS: readonly string[] = [
  ...PROCESSES,
  ...IDENTITY,
  ...SIGNALS,
  ...SCHEDULING,
  ...TIME,
  ...MEMORY,
  ...FILES,
  ...DIRECTORIES,
  ...METADATA,
  ...EVENTS,
  ...LOCKS,
  ...SYSTEM_V,
  ...MESSAGE_QUEUES,
  ...SOCKETS,
  ...CONFINEMENT,
]

/** Calls that a capability opens: without it the kernel would refuse most of them, and its code need not be reached. */
export const BY_CAPABILITY: Readonly<Record<string, readonly string[]>> = {
  CAP_BPF: ['bpf'],
  CAP_DAC_READ_SEARCH: ['open_by_handle_at'],
  CAP_PERFMON: ['perf_event_open'],
  CAP_SYS_ADMIN: words(`
    clone clone3 unshare setns mount umount umount2 mount_setattr move_mount open_tree fsopen fsconfig fsmount fspick
    sethostname setdomainname bpf perf_event_open fanotify_init quotactl quotactl_fd lookup_dcookie syslog
    lsm_get_self_attr lsm_list_modules lsm_set_self_attr`),
  CAP_SYS_BOOT: ['reboot'],
  CAP_SYS_CHROOT: ['chroot'],
  CAP_SYS_MODULE: ['init_module', 'finit_module', 'delete_module'],
  CAP_SYS_NICE: ['get_mempolicy', 'set_mempolicy', 'set_mempolicy_home_node', 'mbind'],
  CAP_SYS_PACCT: ['acct'],
  CAP_SYS_PTRACE: ['kcmp', 'pidfd_getfd', 'process_madvise', 'process_vm_readv', 'process_vm_writev', 'ptrace'],
  CAP_SYS_RAWIO: ['iopl', 'ioperm'],
  CAP_SYS_TIME: ['settimeofday', 'stime', 'clock_settime', 'clock_settime64'],
  CAP_SYS_TTY_CONFIG: ['vhangup'],
  CAP_SYSLOG: ['syslog'],
}
