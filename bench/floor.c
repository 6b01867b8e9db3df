// The floor of `launch()`: the system calls of the benchmark's full container, written down one after the other. No plan, no decoder,
// no checks of a caller's data, no Node. For each line on standard input: one container, and a line with two times in ns, until its
// exit was known and until everything was removed.
//   floor ROOTFS FILTER UNIFIED|- MEMORY PIDS CPU DEVICES     (the last five: parent cgroups)
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KEEP 0xa80425fbull
#define NEW_SIX (CLONE_NEWUTS | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET)
#define SET_STRING 1u
#define CREATE 6u
#define EMPTY_BOTH 0x44u  // MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH

enum { UNIFIED, MEMORY, PIDS, CPU, DEVICES, GROUPS };
static const char *parents[GROUPS], *rootfs;
static char groups[GROUPS][512];
static int group_fds[GROUPS], sync_fds[2], number;
static struct sock_fprog filter;

#define MUST(call)                                       \
  ({                                                     \
    __typeof__(call) result_ = (call);                   \
    if (result_ == (__typeof__(call))-1) {               \
      fprintf(stderr, "floor: %s: %m\n", #call);         \
      _exit(1);                                          \
    }                                                    \
    result_;                                             \
  })

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void put(int dir, const char *file, const char *value) {
  int fd = MUST(openat(dir, file, O_WRONLY | O_CLOEXEC));
  MUST(write(fd, value, strlen(value)));
  close(fd);
}

static void make_groups(void) {
  static const char *const devices[] = {"c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm",
                                        "c 1:9 rwm", "c 5:0 rwm", "c 5:1 rwm", "c 5:2 rwm", "c 136:* rwm"};
  for (int i = 0; i < GROUPS; i++) {
    group_fds[i] = -1;
    if (*parents[i] == '-') continue;
    snprintf(groups[i], sizeof groups[i], "%s/floor%d-%d", parents[i], (int)getpid(), number);
    MUST(mkdir(groups[i], 0755));
    group_fds[i] = MUST(open(groups[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  put(group_fds[MEMORY], "memory.limit_in_bytes", "268435456");
  put(group_fds[PIDS], "pids.max", "64");
  put(group_fds[CPU], "cpu.cfs_period_us", "100000");
  put(group_fds[CPU], "cpu.cfs_quota_us", "100000");
  put(group_fds[DEVICES], "devices.deny", "a");
  for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) put(group_fds[DEVICES], "devices.allow", devices[i]);
}

static int beneath(int root, const char *path, int flags) {
  uint64_t how[3] = {(uint64_t)(flags | O_CLOEXEC), 0, 0x10 | 0x02};  // RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS
  return (int)syscall(SYS_openat2, root, path, how, sizeof how);
}

static const char *self(int fd) {
  static char paths[4][32];
  static int turn;
  char *path = paths[turn++ & 3];
  snprintf(path, sizeof paths[0], "/proc/self/fd/%d", fd);
  return path;
}

static int new_mount(const char *type, const char *const *options) {
  int fs = MUST((int)syscall(SYS_fsopen, type, 1));
  for (; options[0]; options += 2) MUST(syscall(SYS_fsconfig, fs, SET_STRING, options[0], options[1], 0));
  MUST(syscall(SYS_fsconfig, fs, CREATE, NULL, NULL, 0));
  int fd = MUST((int)syscall(SYS_fsmount, fs, 1, 0));
  close(fs);
  return fd;
}

static void mount_at(int root, const char *path, const char *type, unsigned long flags, const char *data) {
  int fd = beneath(root, path, O_PATH);
  if (fd < 0) {
    char parent[64];
    const char *slash = strrchr(path, '/');
    snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    int dir = MUST(beneath(root, parent, O_PATH | O_DIRECTORY));
    MUST(mkdirat(dir, slash ? slash + 1 : path, 0755));
    fd = MUST(openat(dir, slash ? slash + 1 : path, O_PATH | O_NOFOLLOW | O_CLOEXEC));
    close(dir);
  }
  MUST(mount(type, self(fd), type, flags, data));
  close(fd);
}

static void mask(int root, const char *path) {
  struct stat st;
  int fd = beneath(root, path, O_PATH);
  if (fd < 0) return;
  MUST(fstat(fd, &st));
  if (S_ISDIR(st.st_mode)) {
    MUST(mount("tmpfs", self(fd), "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=0k,mode=0755"));
  } else {
    int null = MUST(open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC));
    MUST(fstat(null, &st));
    MUST(mount(self(null), self(fd), NULL, MS_BIND, NULL));
    close(null);
  }
  close(fd);
}

static void read_only(int root, const char *path) {
  uint64_t attributes[4] = {1, 0, 0, 0};
  int fd = beneath(root, path, O_PATH);
  if (fd < 0) return;
  int tree = MUST((int)syscall(SYS_open_tree, fd, "", 1 | O_CLOEXEC | 0x1000 | 0x8000));
  MUST(syscall(SYS_mount_setattr, tree, "", 0x1000, attributes, sizeof attributes));
  MUST(syscall(SYS_move_mount, tree, "", fd, "", EMPTY_BOTH));
  close(tree);
  close(fd);
}

static void reset(void) {
  MUST(prctl(PR_SET_PDEATHSIG, SIGKILL));
  for (int s = 1; s < 65; s++) {
    if (s != SIGKILL && s != SIGSTOP) syscall(SYS_rt_sigaction, s, &(uint64_t[4]){0}, NULL, 8);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  umask(022);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur > 1024) limit.rlim_cur = 1024;
  setrlimit(RLIMIT_NOFILE, &limit);
  syscall(SYS_keyctl, 1, NULL, 0, 0, 0);
}

static int make_root(void) {
  char upper[64], work[64];
  int layer = new_mount("tmpfs", (const char *const[]){"mode", "0755", NULL});
  MUST(mkdirat(layer, "upper", 0755));
  MUST(mkdirat(layer, "work", 0755));
  snprintf(upper, sizeof upper, "%s/upper", self(layer));
  snprintf(work, sizeof work, "%s/work", self(layer));
  int root = new_mount("overlay", (const char *const[]){"lowerdir+", rootfs, "upperdir", upper, "workdir", work, NULL});
  int top = MUST(open("/", O_PATH | O_CLOEXEC));
  MUST(syscall(SYS_move_mount, root, "", top, "", EMPTY_BOTH));
  close(top);
  return root;
}

static void fill_root(int root) {
  static const struct {
    const char *name;
    unsigned major, minor;
  } nodes[] = {{"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};
  static const char *const links[][2] = {{"ptmx", "pts/ptmx"}, {"fd", "/proc/self/fd"}, {"stdin", "/proc/self/fd/0"},
                                         {"stdout", "/proc/self/fd/1"}, {"stderr", "/proc/self/fd/2"}};
  const unsigned long safe = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  mount_at(root, "proc", "proc", safe, NULL);
  mount_at(root, "dev", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k");
  mount_at(root, "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5");
  mount_at(root, "sys", "sysfs", safe | MS_RDONLY, NULL);
  mount_at(root, "dev/mqueue", "mqueue", safe, NULL);
  mount_at(root, "dev/shm", "tmpfs", safe, "mode=1777,size=65536k");
  for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
    int dev = MUST(beneath(root, "dev", O_PATH | O_DIRECTORY));
    MUST(mknodat(dev, nodes[i].name, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)));
    MUST(fchmodat(dev, nodes[i].name, 0666, 0));
    close(dev);
  }
  for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
    int dev = MUST(beneath(root, "dev", O_PATH | O_DIRECTORY));
    MUST(symlinkat(links[i][1], dev, links[i][0]));
    close(dev);
  }
}

static void hide(int root) {
  static const char *const masked[] = {"/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                                       "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
                                       "/sys/devices/virtual/powercap"};
  static const char *const kept[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
  for (size_t i = 0; i < sizeof masked / sizeof *masked; i++) mask(root, masked[i]);
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) read_only(root, kept[i]);
}

static void pivot(int root) {
  int old = MUST(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  MUST(fchdir(root));
  MUST(syscall(SYS_pivot_root, ".", "."));
  MUST(fchdir(old));
  MUST(mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL));
  MUST(umount2(".", MNT_DETACH));
  MUST(chdir("/"));
  close(old);
}

static void loopback_up(void) {
  struct ifreq request = {.ifr_name = "lo"};
  int fd = MUST(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  MUST(ioctl(fd, SIOCGIFFLAGS, &request));
  request.ifr_flags |= IFF_UP;
  MUST(ioctl(fd, SIOCSIFFLAGS, &request));
  close(fd);
}

static void lock_down(void) {
  struct {
    uint32_t version;
    int pid;
  } header = {0x20080522, 0};
  uint32_t data[6] = {(uint32_t)KEEP, (uint32_t)KEEP, 0, 0, 0, 0};
  for (int cap = 0; cap < 64; cap++) {
    if (KEEP >> cap & 1) continue;
    int held = prctl(PR_CAPBSET_READ, cap);
    if (held < 0) break;
    if (held == 1) MUST(prctl(PR_CAPBSET_DROP, cap));
  }
  syscall(SYS_close_range, 3u, ~0u, 4u);
  MUST(syscall(SYS_capset, &header, data));
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  MUST(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter));
}

static _Noreturn void child(void) {
  close(sync_fds[0]);
  int null = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; fd++) dup2(null, fd);
  close(null);
  reset();
  for (int i = MEMORY; i < GROUPS; i++) put(group_fds[i], "tasks", "0");
  MUST(unshare(CLONE_NEWCGROUP));
  MUST(sethostname("box", 3));
  MUST(mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL));
  int root = make_root();
  fill_root(root);
  hide(root);
  loopback_up();
  pivot(root);
  setsid();
  lock_down();
  char *argv[] = {"/bin/true", NULL}, *env[] = {"PATH=/bin", "HOME=/root", NULL};
  execve(argv[0], argv, env);
  _exit(127);
}

static void read_receipt(void) {
  static const struct {
    int group;
    const char *file;
  } files[] = {{CPU, "cpu.stat"}, {MEMORY, "memory.max_usage_in_bytes"}, {MEMORY, "memory.oom_control"}, {MEMORY, "memory.failcnt"},
               {PIDS, "pids.peak"}, {PIDS, "pids.events"}, {UNIFIED, "cpu.stat"}};
  char text[4096];
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    if (group_fds[files[i].group] < 0) continue;
    int fd = openat(group_fds[files[i].group], files[i].file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    while (read(fd, text, sizeof text) > 0) {}
    close(fd);
  }
}

static void one(void) {
  uint64_t start = now();
  int pidfd = -1;
  char byte, path[64];
  number++;
  make_groups();
  MUST(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sync_fds));
  uint64_t args[11] = {CLONE_PIDFD | NEW_SIX, (uint64_t)(uintptr_t)&pidfd, 0, 0, SIGCHLD};
  if (group_fds[UNIFIED] >= 0) {
    args[0] |= 0x200000000ull;  // CLONE_INTO_CGROUP
    args[10] = (uint64_t)group_fds[UNIFIED];
  }
  long pid = MUST(syscall(SYS_clone3, args, sizeof args));
  if (pid == 0) child();
  close(sync_fds[1]);
  snprintf(path, sizeof path, "/proc/%d/ns/mnt", (int)pid);
  int mounts = open(path, O_RDONLY | O_CLOEXEC);
  recv(sync_fds[0], &byte, 1, 0);  // end of file: it executes
  struct pollfd wait = {pidfd, POLLIN, 0};
  poll(&wait, 1, -1);
  siginfo_t info;
  struct rusage usage;
  MUST(syscall(SYS_waitid, P_PIDFD, pidfd, &info, WEXITED, &usage));
  if (info.si_code != CLD_EXITED || info.si_status != 0) _exit(1);
  read_receipt();
  uint64_t ended = now();
  close(mounts);
  close(pidfd);
  close(sync_fds[0]);
  for (int i = 0; i < GROUPS; i++) {
    if (group_fds[i] < 0) continue;
    close(group_fds[i]);
    for (int tries = 0; rmdir(groups[i]) < 0; tries++) {
      if (errno != EBUSY || tries > 4000) _exit(1);
      nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
    }
  }
  printf("%llu %llu\n", (unsigned long long)(ended - start), (unsigned long long)(now() - start));
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc != 8) return 2;
  rootfs = argv[1];
  int fd = MUST(open(argv[2], O_RDONLY | O_CLOEXEC));
  struct stat st;
  MUST(fstat(fd, &st));
  filter.len = (unsigned short)(st.st_size / 8);
  filter.filter = malloc((size_t)st.st_size);
  MUST(read(fd, filter.filter, (size_t)st.st_size));
  close(fd);
  for (int i = 0; i < GROUPS; i++) parents[i] = argv[3 + i];
  for (int c; (c = getchar()) != EOF;) {
    if (c == '\n') one();
  }
  return 0;
}
