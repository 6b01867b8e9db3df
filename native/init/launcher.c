// The resident launcher: one per Node process, single-threaded and small, so that a plain fork costs 0.1 ms where Node's would
// stall the event loop for milliseconds (kernel-notes 1).
#include "launcher.h"

#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "context.h"
#include "rights.h"
#include "supervisor.h"

#define FIXED_FDS 5  // plan, channel, stdin, stdout, stderr

static void launch(int socket, const int *fds, int count, uint64_t received_ns) {
  struct iso_request request = {
      .plan = fds[0], .channel = fds[1], .stdio = {fds[2], fds[3], fds[4]},
      .slots = (int *)fds + FIXED_FDS, .slot_count = count - FIXED_FDS, .received_ns = received_ns};
  pid_t pid = fork();
  if (pid == 0) {
    close(socket);
    iso_supervise(&request);
  }
  if (pid < 0) {
    // Node sees its channel close without an event and reports the launcher's trouble.
    uint32_t event[4] = {2, ISO_ABSENT, (uint32_t)errno, 0};
    iso_send(request.channel, event, sizeof event, NULL, 0, MSG_DONTWAIT);
  }
}

int iso_launcher(int socket) {
  prctl(PR_SET_NAME, "iso-launcher");
  signal(SIGCHLD, SIG_IGN);  // supervisors are reaped by the kernel
  signal(SIGINT, SIG_IGN);   // the terminal's signals are for Node, which forwards what should be
  signal(SIGQUIT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  for (;;) {
    uint32_t message[4];
    int fds[ISO_MAX_FDS], count = ISO_MAX_FDS;
    ssize_t n = iso_receive(socket, message, sizeof message, fds, &count, 0);
    if (n <= 0) return n < 0;
    uint64_t now = iso_now_ns();
    if (count >= FIXED_FDS) launch(socket, fds, count, now);
    for (int i = 0; i < count; i++) close(fds[i]);
  }
}
