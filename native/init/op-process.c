// reset, deathSignal, keyring, setsid, priority, ioPriority, scheduler, affinity, memoryPolicy, personality, prlimit, undumpable:
// what a process inherits and how it is scheduled.
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "context.h"

#define KEYCTL_JOIN_SESSION_KEYRING 1
#define IOPRIO_CLASS_SHIFT 13

// Node ignores SIGPIPE and SIGXFSZ and raises the soft limit on open files; all of it is inherited through execve.
int iso_do_reset(struct iso_context *c, const struct iso_reset *a) {
  for (int s = 1; s < 65; s++) {
    // Raw, because C libraries keep 32 to 34 for themselves and refuse to reset what the caller left ignored there. The argument
    // is the kernel's struct sigaction, all zero: the default action, no flags, no mask.
    if (s != SIGKILL && s != SIGSTOP) syscall(SYS_rt_sigaction, s, &(uint64_t[4]){0}, NULL, 8);
  }
  sigset_t none;
  sigemptyset(&none);
  if (sigprocmask(SIG_SETMASK, &none, NULL) < 0) return iso_fail(c, "rt_sigprocmask", NULL);
  umask((mode_t)a->umask);
  if (a->nofile_soft) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return iso_fail(c, "prlimit64", "nofile");
    if (a->nofile_soft < limit.rlim_cur) limit.rlim_cur = a->nofile_soft;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0) return iso_fail(c, "prlimit64", "nofile");
  }
  return 0;
}

// Set now and, because a change of credentials clears it, again after each. Whether the supervisor died in between shows on the
// sync socket: getppid() is 0 in a new pid namespace and tells nothing.
int iso_do_death_signal(struct iso_context *c, const struct iso_death_signal *a) {
  c->death_signal = (int)a->signal_;
  return prctl(PR_SET_PDEATHSIG, a->signal_) < 0 ? iso_fail(c, "prctl", "PR_SET_PDEATHSIG") : 0;
}

int iso_do_undumpable(struct iso_context *c, const void *a) {
  (void)a;
  return prctl(PR_SET_DUMPABLE, 0) < 0 ? iso_fail(c, "prctl", "PR_SET_DUMPABLE") : 0;
}

int iso_do_keyring(struct iso_context *c, const struct iso_keyring *a) {
  if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, a->name, 0, 0, 0) >= 0) return 0;
  return errno == ENOSYS ? 0 : iso_fail(c, "keyctl", a->name);
}

int iso_do_setsid(struct iso_context *c, const void *a) {
  (void)a;
  return setsid() < 0 ? iso_fail(c, "setsid", NULL) : 0;
}

int iso_do_priority(struct iso_context *c, const struct iso_priority *a) {
  return setpriority(PRIO_PROCESS, 0, (int)a->nice) < 0 ? iso_fail(c, "setpriority", NULL) : 0;
}

int iso_do_io_priority(struct iso_context *c, const struct iso_io_priority *a) {
  int value = (int)(a->class_ << IOPRIO_CLASS_SHIFT | a->level);
  return syscall(SYS_ioprio_set, 1, 0, value) < 0 ? iso_fail(c, "ioprio_set", NULL) : 0;
}

int iso_do_scheduler(struct iso_context *c, const struct iso_scheduler *a) {
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attr = {48, a->policy, a->flags, (int32_t)a->nice, a->priority, a->runtime, a->deadline, a->period};
  return syscall(SYS_sched_setattr, 0, &attr, 0) < 0 ? iso_fail(c, "sched_setattr", NULL) : 0;
}

int iso_do_affinity(struct iso_context *c, const struct iso_affinity *a) {
  cpu_set_t *set = calloc(1, CPU_ALLOC_SIZE(8192));
  if (!set) return iso_fail_with(c, ENOMEM, "sched_setaffinity", NULL);
  for (uint32_t i = 0; i < a->cpus.count; i++) {
    uint32_t cpu = iso_u32s_item(&a->cpus, i);
    if (cpu < 8192) CPU_SET_S(cpu, CPU_ALLOC_SIZE(8192), set);
  }
  int r = sched_setaffinity(0, CPU_ALLOC_SIZE(8192), set);
  int error = errno;
  free(set);
  return r < 0 ? iso_fail_with(c, error, "sched_setaffinity", NULL) : 0;
}

#define MAX_NODES 1024

int iso_do_memory_policy(struct iso_context *c, const struct iso_memory_policy *a) {
  unsigned long mask[MAX_NODES / (8 * sizeof(unsigned long))] = {0};
  const unsigned bits = 8 * sizeof *mask;
  for (uint32_t i = 0; i < a->nodes.count; i++) {
    uint32_t node = iso_u32s_item(&a->nodes, i);
    if (node >= MAX_NODES) return iso_fail_with(c, EINVAL, "set_mempolicy", NULL);
    mask[node / bits] |= 1ul << (node % bits);
  }
  // The kernel reads one bit less than it is told.
  long r = syscall(SYS_set_mempolicy, (int)(a->mode | a->flags), a->nodes.count ? mask : NULL, a->nodes.count ? MAX_NODES + 1 : 0);
  return r < 0 ? iso_fail(c, "set_mempolicy", NULL) : 0;
}

int iso_do_personality(struct iso_context *c, const struct iso_personality *a) {
  return personality((unsigned long)a->persona) < 0 ? iso_fail(c, "personality", NULL) : 0;
}

static const char *const resources[] = {"cpu",   "fsize",   "data", "stack", "core",       "rss",      "nproc", "nofile",
                                        "memlock", "as",    "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime"};

int iso_do_prlimit(struct iso_context *c, const struct iso_prlimit *a) {
  uint64_t limit[2] = {a->soft, a->hard};
  pid_t pid = c->side == ISO_PARENT ? c->child : 0;
  const char *name = a->resource < sizeof resources / sizeof *resources ? resources[a->resource] : NULL;
  return syscall(SYS_prlimit64, pid, a->resource, limit, NULL) < 0 ? iso_fail(c, "prlimit64", name) : 0;
}
