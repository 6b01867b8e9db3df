// One supervisor a container: runs the parent's steps, makes the child, waits, reports, cleans up. It holds the deadline, the
// output cap and the lifeline to Node, because Node may be blocked or dead. See docs/architecture.md, "Who runs a plan".
#include "supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "clone.h"
#include "events.h"
#include "interpret.h"
#include "kernel.h"
#include "plan.h"
#include "relay.h"
#include "sync.h"

static struct iso_relays relays;
static struct iso_exit outcome;
static bool started;
static uint64_t deadline_ns;
static int held_mounts = -1;

static void kill_child(struct iso_context *c, int signal, enum iso_cause cause) {
  if (c->child_pidfd < 0) return;
  if (cause != ISO_CAUSE_NONE && outcome.cause == ISO_CAUSE_NONE) outcome.cause = cause;
  syscall(SYS_pidfd_send_signal, c->child_pidfd, signal, NULL, 0);
}

void iso_supervisor_message(struct iso_context *c, const struct iso_sync_message *m, int fd) {
  if (m->kind == ISO_SYNC_PTY) iso_send_fd(c, ISO_PTY, fd);
  if (m->kind == ISO_SYNC_LISTENER) iso_send_fd(c, ISO_LISTENER, fd);
  if (m->kind == ISO_SYNC_PARKED) {
    uint32_t event[2] = {ISO_PARKED, (uint32_t)c->child};
    iso_send(c->channel, event, sizeof event, &c->child_pidfd, 1, 0);
    // The role create: nothing of ours stays between the caller and the container; `undo` is run by whoever deletes it.
    if (c->plan.flags & ISO_PLAN_LEAVE) _exit(0);
  }
  if (fd >= 0) close(fd);
}

// Node has gone, or let go: a container that is not detached goes with it.
static void channel_closed(struct iso_context *c) {
  close(c->channel);
  c->channel = -1;
  if (!(c->plan.flags & ISO_PLAN_DETACHED)) kill_child(c, SIGKILL, ISO_CAUSE_ABORTED);
}

static void on_command(struct iso_context *c) {
  struct iso_command_message m = {0};
  int fds[4], count = 4;
  ssize_t n = iso_receive(c->channel, &m, sizeof m, fds, &count, MSG_DONTWAIT);
  if (n == -EAGAIN) return;
  if (n <= 0) {
    channel_closed(c);
    return;
  }
  if (m.kind == ISO_KILL) kill_child(c, (int)m.value, m.cause);
  if (m.kind == ISO_DETACH) c->plan.flags |= ISO_PLAN_DETACHED;
  if (m.kind == ISO_START) {
    struct iso_sync_message start = {.kind = ISO_SYNC_START};
    if (c->sync >= 0) iso_send(c->sync, &start, sizeof start, fds, count, 0);
  }
  for (int i = 0; i < count; i++) close(fds[i]);
}

int iso_do_callback(struct iso_context *c, const struct iso_callback *a) {
  struct {
    uint32_t kind;
    char name[64];
  } event = {.kind = ISO_CALLBACK};
  if (strlen(a->name) >= sizeof event.name) return iso_fail_with(c, ENAMETOOLONG, "sendmsg", a->name);
  strcpy(event.name, a->name);
  if (c->channel < 0) return iso_fail_with(c, EPIPE, "sendmsg", a->name);
  ssize_t n = iso_send(c->channel, &event, sizeof event, NULL, 0, 0);
  if (n < 0) return iso_fail_with(c, (int)-n, "sendmsg", a->name);
  struct pollfd wait = {c->channel, POLLIN, 0};
  int ready;
  do ready = poll(&wait, 1, a->timeout_ms ? (int)a->timeout_ms : -1);
  while (ready < 0 && errno == EINTR);
  if (ready == 0) return iso_fail_with(c, ETIMEDOUT, "recvmsg", a->name);
  struct iso_command_message reply = {0};
  n = iso_receive(c->channel, &reply, sizeof reply, NULL, NULL, 0);
  if (n <= 0) return iso_fail_with(c, EPIPE, "recvmsg", a->name);
  if (reply.kind == ISO_KILL) return iso_fail_with(c, ECANCELED, "recvmsg", a->name);
  return reply.value ? iso_fail_with(c, (int)reply.value, "recvmsg", a->name) : 0;
}

// End of file on the sync socket: the child has executed its program, or is gone.
static void on_sync(struct iso_context *c) {
  struct iso_sync_message m;
  int fd = -1, count = 1;
  ssize_t n = iso_receive(c->sync, &m, sizeof m, &fd, &count, MSG_DONTWAIT);
  if (n == -EAGAIN) return;
  if (n > 0) {
    iso_supervisor_message(c, &m, count ? fd : -1);
    return;
  }
  close(c->sync);
  c->sync = -1;
  if (c->shared->child.failed) return;
  started = true;
  outcome.ready_ns = c->shared->ready_ns;
  outcome.started_ns = iso_now_ns();
  if (c->plan.timeout_ms) deadline_ns = outcome.started_ns + (uint64_t)c->plan.timeout_ms * 1000000u;
}

// Reaps whatever was handed to us as subreaper; true once it was the child itself.
static bool reap(struct iso_context *c) {
  for (;;) {
    siginfo_t info = {0};
    struct rusage usage;
    if (syscall(SYS_waitid, P_ALL, 0, &info, WEXITED | WNOHANG, &usage) < 0 || info.si_pid == 0) return false;
    if (info.si_pid != c->child) continue;
    outcome.exited_ns = iso_now_ns();
    outcome.code = (uint32_t)info.si_code;
    outcome.status = (uint32_t)info.si_status;
    outcome.user_us = (uint64_t)usage.ru_utime.tv_sec * 1000000u + (uint64_t)usage.ru_utime.tv_usec;
    outcome.system_us = (uint64_t)usage.ru_stime.tv_sec * 1000000u + (uint64_t)usage.ru_stime.tv_usec;
    return true;
  }
}

static int wait_ms(void) {
  if (deadline_ns == 0) return -1;
  uint64_t now = iso_now_ns();
  return now >= deadline_ns ? 0 : (int)((deadline_ns - now + 999999u) / 1000000u);
}

// Until the child has been reaped.
static void tend(struct iso_context *c) {
  bool told = false;
  for (;;) {
    struct pollfd fds[5];
    int n = 0, sync = -1, channel = -1;
    fds[n++] = (struct pollfd){c->child_pidfd, POLLIN, 0};
    if (c->sync >= 0) fds[sync = n++] = (struct pollfd){c->sync, POLLIN, 0};
    if (c->channel >= 0) fds[channel = n++] = (struct pollfd){c->channel, POLLIN, 0};
    n += iso_relay_poll(&relays, fds + n);
    int ready = poll(fds, (nfds_t)n, wait_ms());
    if (ready < 0 && errno != EINTR) break;
    if (sync >= 0 && fds[sync].revents) on_sync(c);
    if (started && !told) {
      told = true;
      iso_send_started(c);
    }
    if (channel >= 0 && fds[channel].revents) on_command(c);
    if (deadline_ns && iso_now_ns() >= deadline_ns) {
      deadline_ns = 0;
      kill_child(c, SIGKILL, ISO_CAUSE_TIMEOUT);
    }
    iso_relay_move(&relays);
    if (relays.exceeded) kill_child(c, SIGKILL, ISO_CAUSE_OUTPUT_LIMIT);
    if (fds[0].revents) {
      // The program may have run and ended before the sync socket was looked at.
      while (c->sync >= 0) on_sync(c);
      if (started && !told) iso_send_started(c);
      if (reap(c)) break;
    }
  }
}

static void kill_children_of(pid_t pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
  FILE *list = fopen(path, "re");
  int child;
  while (list && fscanf(list, "%d", &child) == 1) kill(child, SIGKILL);
  if (list) fclose(list);
}

// Without a pid namespace what the program left behind is ours now (subreaper): it ends with the container.
static void end_orphans(void) {
  for (int tries = 0; tries < 1000; tries++) {
    if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD) return;
    kill_children_of(getpid());
    if (waitpid(-1, NULL, WNOHANG) == 0) poll(NULL, 0, 1);
  }
}

static void drain(void) {
  for (int tries = 0; tries < 100 && !iso_relay_idle(&relays) && !relays.exceeded; tries++) {
    struct pollfd fds[2];
    int n = iso_relay_poll(&relays, fds);
    if (poll(fds, (nfds_t)n, 20) == 0 && tries > 2) break;
    iso_relay_move(&relays);
  }
  if (relays.exceeded && outcome.cause == ISO_CAUSE_NONE) outcome.cause = ISO_CAUSE_OUTPUT_LIMIT;
  iso_relay_close(&relays);
}

static _Noreturn void finish(struct iso_context *c, const struct iso_record *failure, enum iso_side side) {
  struct iso_record after = {.index = ISO_ABSENT};
  c->side = ISO_AFTER;
  c->record = &after;
  if (!failure) {
    iso_interpret_all(c, c->plan.receipt);
    iso_send_exited(c, &outcome);
    after = (struct iso_record){.index = ISO_ABSENT};
  }
  if (held_mounts >= 0) close(held_mounts);
  iso_interpret_all(c, c->plan.undo);
  if (c->plan.flags & ISO_PLAN_TRACE) iso_send_trace(c);
  if (failure) iso_send_failed(c, failure, side);
  iso_send_done(c);
  _exit(0);
}

static _Noreturn void fail(struct iso_context *c, struct iso_record *record, enum iso_side side, int result) {
  if (!record->failed) {
    record->failed = 1;
    record->index = ISO_ABSENT;
    record->error = -result;
  }
  struct iso_record kept = *record;
  if (c->child > 0) {
    kill_child(c, SIGKILL, ISO_CAUSE_NONE);
    while (waitpid(c->child, NULL, 0) < 0 && errno == EINTR) {}
  }
  end_orphans();
  iso_relay_close(&relays);
  finish(c, &kept, side);
}

static struct iso_shared *shared;

void iso_supervisor_prepare(void) {
  setsid();
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  signal(SIGCHLD, SIG_DFL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_NAME, "iso-supervisor");
  size_t size = (sizeof *shared + 4095) & ~(size_t)4095;
  shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) _exit(1);
}

static int load(struct iso_context *c, const struct iso_request *request) {
  struct stat st;
  if (fstat(request->plan, &st) < 0) return iso_fail(c, "fstat", "plan");
  if (st.st_size <= 0 || st.st_size > ISO_MAX_PLAN) return iso_fail_with(c, EMSGSIZE, "decode", "plan");
  void *base = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, request->plan, 0);
  if (base == MAP_FAILED) return iso_fail(c, "mmap", "plan");
  close(request->plan);
  if (!iso_read_plan(base, (uint32_t)st.st_size, ISO_TABLE_DIGEST, &c->plan) || !iso_check_plan(&c->plan))
    return iso_fail_with(c, EBADMSG, "decode", "plan");
  if (request->slot_count > (int)c->plan.slot_count) return iso_fail_with(c, EBADMSG, "decode", "slots");
  c->slots = malloc((c->plan.slot_count ? c->plan.slot_count : 1) * sizeof *c->slots);
  if (!c->slots) return iso_fail_with(c, ENOMEM, "mmap", "slots");
  for (int i = 0; i < (int)c->plan.slot_count; i++) c->slots[i] = i < request->slot_count ? request->slots[i] : -1;
  return 0;
}

// Kept open until the status is reported: tearing the mounts down inside the exit of the last process would delay it.
static void hold_mounts(struct iso_context *c) {
  struct iso_step step;
  char path[32];
  if (!c->plan.clone || !iso_decode_step(&c->plan, c->plan.clone, &step) || !(step.u.clone_.namespaces & 0x00020000)) return;
  snprintf(path, sizeof path, "/proc/%d/ns/mnt", (int)c->child);
  held_mounts = open(path, O_RDONLY | O_CLOEXEC);
}

_Noreturn void iso_supervise(const struct iso_request *request) {
  struct iso_context context = {.shared = shared, .channel = request->channel, .starter = -1, .sync = -1, .child_pidfd = -1}, *c = &context;
  int stdio[3] = {request->stdio[0], request->stdio[1], request->stdio[2]};
  relays.out[0].from = relays.out[1].from = relays.out[0].to = relays.out[1].to = -1;
  outcome.received_ns = request->received_ns;
  c->record = &shared->parent;
  int r = load(c, request);
  if (r < 0) fail(c, c->record, ISO_PARENT, r);
  r = iso_interpret(c, c->plan.before);
  if (r == 0 && c->plan.output_limit) {
    r = iso_relay_open(&relays, stdio, c->plan.output_limit);
    if (r < 0) iso_fail_with(c, -r, "pipe2", NULL);
  }
  outcome.prepared_ns = iso_now_ns();
  if (r == 0) r = iso_make_child(c, stdio);
  if (r < 0) fail(c, c->record, ISO_PARENT, r);
  outcome.cloned_ns = iso_now_ns();
  // Where the child inherited a working directory: a supervisor must not keep that busy.
  if (chdir("/") < 0) fail(c, c->record, ISO_PARENT, iso_fail(c, "chdir", "/"));
  for (int i = 0; i < 3; i++) close(stdio[i]);
  for (int i = 0; i < request->slot_count; i++) iso_set_slot(c, (uint32_t)i, -1);
  hold_mounts(c);
  r = iso_interpret(c, c->plan.beside);
  // A child that failed first closes the barrier the parent waits at: its own account is the true one.
  if (r < 0) fail(c, shared->child.failed ? &shared->child : c->record, shared->child.failed ? ISO_CHILD : ISO_PARENT, r);
  tend(c);
  c->child = 0;
  if (!started) {
    struct iso_record *record = &shared->child;
    if (!record->failed) {
      c->record = record;
      iso_fail_with(c, ECHILD, "waitid", NULL);
      char text[64];
      int n = snprintf(text, sizeof text, "the container process ended during set-up (%s %u)", outcome.code == CLD_EXITED ? "status" : "signal", outcome.status);
      iso_note(c, text, (size_t)n);
    }
    fail(c, record, ISO_CHILD, -ECHILD);
  }
  if (!(c->plan.flags & ISO_PLAN_DETACHED)) end_orphans();
  drain();
  finish(c, NULL, ISO_PARENT);
}
