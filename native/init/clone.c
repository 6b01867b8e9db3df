// clone3(2) with namespaces, pidfd and cgroup in one call, and the stage for joins: a throw-away process that enters other
// namespaces and makes the container as its sibling (CLONE_PARENT), because after setns of a pid namespace every later child of
// the caller would land in it (kernel-notes 18).
#include "clone.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "child.h"
#include "interpret.h"
#include "kernel.h"

static int clone_errno;

// Docker's default seccomp profile answers clone3 with ENOSYS: the older call takes the same flags but CLONE_INTO_CGROUP and
// namespaces that share bits with the exit signal (time).
static long old_clone(uint64_t flags, int *pidfd) {
  if (flags & (ISO_CLONE_INTO_CGROUP | ISO_CLONE_NEWTIME)) {
    errno = ENOSYS;
    return -1;
  }
  unsigned long f = (unsigned long)flags | ((flags & ISO_CLONE_PARENT) ? 0 : SIGCHLD);
#if defined(__s390x__)
  return syscall(SYS_clone, 0, f, pidfd, 0, 0);
#else
  return syscall(SYS_clone, f, 0, pidfd, 0, 0);
#endif
}

static long do_clone(struct iso_context *c, uint64_t extra, int *pidfd) {
  struct iso_clone_args args = {.flags = ISO_CLONE_PIDFD | extra, .pidfd = (uint64_t)(uintptr_t)pidfd,
                                .exit_signal = (extra & ISO_CLONE_PARENT) ? 0 : SIGCHLD};
  if (c->plan.clone) {
    struct iso_step step;
    iso_decode_step(&c->plan, c->plan.clone, &step);
    args.flags |= step.u.clone_.namespaces;
    if (step.u.clone_.cgroup != ISO_NO_SLOT) {
      args.flags |= ISO_CLONE_INTO_CGROUP;
      args.cgroup = (uint64_t)iso_slot(c, step.u.clone_.cgroup);
    }
  }
  c->new_user = (args.flags & 0x10000000) != 0;
  long pid = syscall(SYS_clone3, &args, sizeof args);
  if (pid < 0 && errno == ENOSYS) pid = old_clone(args.flags, pidfd);
  if (pid < 0) clone_errno = errno;
  return pid;
}

static int clone_failed(struct iso_context *c) {
  struct iso_step step;
  uint32_t index = ISO_ABSENT;
  if (c->plan.clone && iso_decode_step(&c->plan, c->plan.clone, &step)) index = step.head.index;
  int r = iso_fail_with(c, clone_errno, "clone3", NULL);
  c->record->index = index;
  c->record->error = clone_errno;
  c->record->failed = 1;
  return r;
}

static _Noreturn void run_child(struct iso_context *c, const int stdio[3], int supervisor_end) {
  close(supervisor_end);
  if (c->channel >= 0) close(c->channel);
  c->channel = -1;
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  iso_child(c, stdio);
}

// The stage shares the supervisor's table of descriptors (CLONE_FILES), so the pidfd it makes is the supervisor's own.
static _Noreturn void run_stage(struct iso_context *c, const int stdio[3], int supervisor_end) {
  c->side = ISO_STAGE;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (iso_interpret(c, c->plan.stage) < 0) _exit(1);
  int pidfd = -1;
  long pid = do_clone(c, ISO_CLONE_PARENT, &pidfd);
  if (pid == 0) run_child(c, stdio, supervisor_end);
  if (pid < 0) {
    clone_failed(c);
    _exit(1);
  }
  c->shared->child_pidfd = pidfd;
  c->shared->child_pid = (int32_t)pid;
  _exit(0);
}

static int through_stage(struct iso_context *c, const int stdio[3], int child_end, int supervisor_end) {
  int pidfd = -1;
  long stage = syscall(SYS_clone, ISO_CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
  (void)pidfd;
  if (stage < 0) return iso_fail(c, "clone", NULL);
  if (stage == 0) {
    c->sync = child_end;
    run_stage(c, stdio, supervisor_end);
  }
  int status;
  while (waitpid((pid_t)stage, &status, 0) < 0 && errno == EINTR) {}
  if (c->record->failed) return -c->record->error;
  if (c->shared->child_pid == 0) return iso_fail_with(c, ECHILD, "clone3", NULL);
  c->child = c->shared->child_pid;
  c->child_pidfd = c->shared->child_pidfd;
  return 0;
}

int iso_make_child(struct iso_context *c, const int stdio[3]) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return iso_fail(c, "socketpair", NULL);
  int result = 0;
  if (c->plan.stage.count > 0) {
    result = through_stage(c, stdio, pair[1], pair[0]);
  } else {
    long pid = do_clone(c, 0, &c->child_pidfd);
    if (pid == 0) {
      c->sync = pair[1];
      run_child(c, stdio, pair[0]);
    }
    if (pid < 0) result = clone_failed(c);
    c->child = pid < 0 ? 0 : (pid_t)pid;
  }
  close(pair[1]);
  c->sync = pair[0];
  if (c->plan.clone) {
    c->shared->clone_ns = iso_now_ns();
    struct iso_step step;
    if ((c->plan.flags & ISO_PLAN_TRACE) && iso_decode_step(&c->plan, c->plan.clone, &step) && step.head.index < ISO_TRACE_STEPS)
      c->shared->step_ns[step.head.index] = c->shared->clone_ns;
  }
  return result;
}

// The clone is made by iso_make_child, never as a step of a section.
int iso_do_clone(struct iso_context *c, const struct iso_clone *a) {
  (void)a;
  return iso_fail_with(c, EINVAL, "clone3", NULL);
}
