// makePty: a pseudo-terminal out of the container's own devpts, so that its name resolves inside. See pty(7), devpts(5).
#include <limits.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <termios.h>

#include "mounting.h"
#include "resolve.h"
#include "rights.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441
#endif

static int bind_console(struct iso_context *c, const struct iso_make_pty *a, int terminal) {
  ISO_CLEANUP_FD int target = iso_target(c, a->in, a->console, ISO_CREATE_FILE);
  if (target < 0) return iso_fail_with(c, -target, "openat2", a->console);
  // By descriptor: /dev/pts/N could have been swapped by now (CVE-2025-52565).
  struct iso_self_path from = iso_self_path(terminal), to = iso_self_path(target);
  return mount(from.text, to.text, NULL, MS_BIND, NULL) < 0 ? iso_fail(c, "mount", a->console) : 0;
}

int iso_do_make_pty(struct iso_context *c, const struct iso_make_pty *a) {
  ISO_CLEANUP_FD int master = iso_open(c, a->in, a->path, O_RDWR | O_NOCTTY, 0, 0);
  if (master < 0) return iso_fail_with(c, -master, "openat2", a->path);
  int unlock = 0;
  if (ioctl(master, TIOCSPTLCK, &unlock) < 0) return iso_fail(c, "ioctl", "TIOCSPTLCK");
  // TIOCGPTPEER opens the other end without a path (4.13).
  int terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) return iso_fail(c, "ioctl", "TIOCGPTPEER");
  iso_set_slot(c, a->slot, terminal);
  if (a->uid != ISO_ABSENT && fchown(terminal, a->uid, (gid_t)-1) < 0) return iso_fail(c, "fchown", a->path);
  if (a->rows || a->columns) {
    struct winsize size = {.ws_row = (unsigned short)a->rows, .ws_col = (unsigned short)a->columns};
    if (ioctl(terminal, TIOCSWINSZ, &size) < 0) return iso_fail(c, "ioctl", "TIOCSWINSZ");
  }
  if (a->console) {
    int r = bind_console(c, a, terminal);
    if (r < 0) return r;
  }
  int r = iso_sync_send(c->sync, ISO_SYNC_PTY, 0, master);
  return r < 0 ? iso_fail_with(c, -r, "sendmsg", a->path) : 0;
}
