// See child.h and docs/architecture.md, "Who runs a plan".
#include "child.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "execute.h"
#include "interpret.h"
#include "kernel.h"
#include "park.h"

#define MAX_KEPT ISO_MAX_SLOTS

static struct {
  int fd, number;
} kept[MAX_KEPT];
static int kept_count;

int iso_child_still_wanted(struct iso_context *c) {
  if (c->death_signal == 0) return 0;
  if (prctl(PR_SET_PDEATHSIG, c->death_signal) < 0) return iso_fail(c, "prctl", "PR_SET_PDEATHSIG");
  char byte;
  if (recv(c->sync, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) _exit(1);
  return 0;
}

int iso_keep_fd(struct iso_context *c, int fd, int number) {
  if (kept_count == MAX_KEPT) return iso_fail_with(c, EMFILE, "dup3", NULL);
  kept[kept_count].fd = fd;
  kept[kept_count++].number = number;
  return 0;
}

// First every source is lifted above all wanted numbers, then each is put down: no order of the list can overwrite a source.
// What the lift leaves open is close-on-exec. close_range comes before the filter of system calls: a profile may not know it.
int iso_do_close_fds(struct iso_context *c, const void *a) {
  (void)a;
  int highest = 2;
  for (int i = 0; i < kept_count; i++) {
    if (kept[i].number > highest) highest = kept[i].number;
  }
  for (int i = 0; i < kept_count; i++) {
    kept[i].fd = fcntl(kept[i].fd, F_DUPFD_CLOEXEC, highest + 1);
    if (kept[i].fd < 0) return iso_fail(c, "fcntl", NULL);
  }
  int sync = fcntl(c->sync, F_DUPFD_CLOEXEC, highest + 1);
  if (sync < 0) return iso_fail(c, "fcntl", NULL);
  if (c->sync > 2) close(c->sync);
  c->sync = sync;
  if (c->starter >= 0) {
    int starter = fcntl(c->starter, F_DUPFD_CLOEXEC, highest + 1);
    if (starter < 0) return iso_fail(c, "fcntl", NULL);
    close(c->starter);
    c->starter = starter;
  }
  if (syscall(SYS_close_range, 3u, ~0u, ISO_CLOSE_RANGE_CLOEXEC) < 0) {
    // Before 5.11: one by one, as far as the limit goes.
    for (int fd = 3; fd < 65536; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
  for (int i = 0; i < kept_count; i++) {
    if (dup2(kept[i].fd, kept[i].number) < 0) return iso_fail(c, "dup3", NULL);
  }
  return 0;
}

int iso_do_controlling_terminal(struct iso_context *c, const struct iso_controlling_terminal *a) {
  int terminal = iso_slot(c, a->slot);
  if (ioctl(terminal, TIOCSCTTY, 0) < 0) return iso_fail(c, "ioctl", "TIOCSCTTY");
  for (int fd = 0; fd < 3; fd++) {
    if (dup2(terminal, fd) < 0) return iso_fail(c, "dup3", NULL);
  }
  return 0;
}

static volatile sig_atomic_t forward_to;

static void forward(int signal) {
  if (forward_to > 0) kill((pid_t)forward_to, signal);
}

// PID 1 reaps whatever the kernel hands it and passes signals on. It has the identity, capabilities and filter of the container
// by now, and holds no descriptor but the standard ones.
static _Noreturn void reap(struct iso_context *c, pid_t program) {
  forward_to = program;
  prctl(PR_SET_DUMPABLE, 0);
  for (int s = 1; s < 32; s++) {
    if (s == SIGCHLD || s == SIGKILL || s == SIGSTOP || s == SIGTTIN || s == SIGTTOU || s == SIGTSTP) continue;
    signal(s, forward);
  }
  close(c->sync);
  syscall(SYS_close_range, 3u, ~0u, 0);
  for (;;) {
    int status;
    pid_t pid = waitpid(-1, &status, 0);
    if (pid < 0 && errno == EINTR) continue;
    if (pid != program) continue;
    if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
    _exit(128 + WTERMSIG(status));
  }
}

int iso_do_init_process(struct iso_context *c, const void *a) {
  (void)a;
  pid_t pid = fork();
  if (pid < 0) return iso_fail(c, "fork", NULL);
  if (pid > 0) reap(c, pid);
  return 0;
}

static _Noreturn void give_up(struct iso_context *c, int result) {
  if (!c->record->failed) {
    c->record->index = ISO_ABSENT;
    c->record->error = -result;
    __atomic_store_n(&c->record->failed, 1, __ATOMIC_RELEASE);
  }
  iso_tell_starter(c);
  _exit(127);
}

_Noreturn void iso_child(struct iso_context *c, const int stdio[3]) {
  c->side = ISO_CHILD;
  c->record = &c->shared->child;
  for (int fd = 0; fd < 3; fd++) {
    if (stdio[fd] >= 0 && dup2(stdio[fd], fd) < 0) give_up(c, iso_fail(c, "dup3", NULL));
  }
  for (int fd = 0; fd < 3; fd++) {
    if (stdio[fd] > 2) close(stdio[fd]);
  }
  int result = iso_interpret(c, c->plan.child);
  if (result < 0) give_up(c, result);
  c->shared->ready_ns = iso_now_ns();
  give_up(c, iso_execute(c));
}
