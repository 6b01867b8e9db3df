// The resident launcher: one per Node process, single-threaded and small, so that a plain fork costs 0.1 ms where Node's would
// stall the event loop for milliseconds (kernel-notes 1). It keeps one spare: a supervisor that is forked already and waits for a
// request on the same socket, so that not even the 0.1 ms lie between a request and its first step. The launcher itself takes a
// request only where it cannot fork.
#include "launcher.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "context.h"
#include "kernel.h"
#include "rights.h"
#include "supervisor.h"

#define FIXED_FDS 5  // plan, channel, stdin, stdout, stderr
#define RETRY_MS 10
// Right after a request its container wants the processors: the next spare waits a little, unless it is asked for.
#define RESPITE_MS 4

struct launcher {
  int socket;     // requests of Node; its end is the end of the launcher
  int taken[2];   // pipe: a spare that takes a request says so
  int spare;      // pidfd of the spare, -1 where there is none
};

static ssize_t take(int socket, int *fds, int *count, int flags) {
  uint32_t message[4];
  *count = ISO_MAX_FDS;
  ssize_t n = iso_receive(socket, message, sizeof message, fds, count, flags);
  if (n > 0 && *count < FIXED_FDS) {
    for (int i = 0; i < *count; i++) close(fds[i]);
    *count = 0;
  }
  return n;
}

static _Noreturn void be_spare(const struct launcher *l, pid_t launcher) {
  int fds[ISO_MAX_FDS], count;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != launcher) _exit(0);
  close(l->taken[0]);
  iso_supervisor_prepare();
  do {
    if (take(l->socket, fds, &count, 0) <= 0) _exit(0);
  } while (count == 0);
  uint64_t now = iso_now_ns();
  prctl(PR_SET_PDEATHSIG, 0);  // a supervisor outlives its launcher
  ssize_t told = write(l->taken[1], "", 1);
  (void)told;  // without it the launcher sees the pidfd only at our end, and requests wait until then
  close(l->taken[1]);
  close(l->socket);
  struct iso_request request = {.plan = fds[0], .channel = fds[1], .stdio = {fds[2], fds[3], fds[4]},
                                .slots = fds + FIXED_FDS, .slot_count = count - FIXED_FDS, .received_ns = now};
  iso_supervise(&request);
}

static void make_spare(struct launcher *l) {
  pid_t self = getpid(), pid = fork();
  if (pid == 0) be_spare(l, self);
  if (pid < 0) return;
  l->spare = (int)syscall(SYS_pidfd_open, pid, 0);
  if (l->spare >= 0) return;
  int error = errno;
  kill(pid, SIGKILL);  // one that nobody watches would be followed by more
  errno = error;
}

// No process can be made: whoever asks for one is told so.
static void refuse(const struct launcher *l) {
  int error = errno, fds[ISO_MAX_FDS], count;
  if (take(l->socket, fds, &count, MSG_DONTWAIT) <= 0 || count == 0) return;
  uint32_t head[4] = {2 /* ISO_FAILED */, ISO_ABSENT, (uint32_t)error, 0};
  char event[sizeof head + 8] = {0};
  memcpy(event, head, sizeof head);
  strcpy(event + sizeof head, "fork");
  iso_send(fds[1], event, sizeof event, NULL, 0, MSG_DONTWAIT);
  for (int i = 0; i < count; i++) close(fds[i]);
}

int iso_launcher(int socket) {
  struct launcher l = {.socket = socket, .spare = -1};
  prctl(PR_SET_NAME, "iso-launcher");
  signal(SIGCHLD, SIG_IGN);  // supervisors are reaped by the kernel
  signal(SIGINT, SIG_IGN);   // the terminal's signals are for Node, which forwards what should be
  signal(SIGQUIT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  if (pipe2(l.taken, O_CLOEXEC) < 0) return 1;
  for (;;) {
    if (l.spare < 0) make_spare(&l);
    if (l.spare < 0) refuse(&l);
    struct pollfd fds[3] = {{socket, 0, 0}, {l.taken[0], POLLIN, 0}, {l.spare, POLLIN, 0}};
    if (poll(fds, 3, l.spare < 0 ? RETRY_MS : -1) < 0 && errno != EINTR) return 1;
    if (fds[0].revents & (POLLHUP | POLLERR)) return 0;
    bool gone = (fds[1].revents & POLLIN) || (l.spare >= 0 && fds[2].revents);
    if (!gone) continue;
    char bytes[16];
    if (fds[1].revents & POLLIN && read(l.taken[0], bytes, sizeof bytes) < 0) return 1;
    close(l.spare);
    l.spare = -1;
    struct pollfd asked = {socket, POLLIN, 0};
    poll(&asked, 1, RESPITE_MS);
  }
}
