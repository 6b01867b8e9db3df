// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "pty.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

ISO_FUNCTION(iso_openpty) {
  (void)info;
  int unlock = 0;
  int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master == -1) return iso_throw(env, errno, "open", "/dev/ptmx");
  int terminal = -1;
  // TIOCGPTPEER opens the other end without its name: in a mount namespace the name may lead to another devpts.
  if (ioctl(master, TIOCSPTLCK, &unlock) == 0) terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  napi_value pair;
  if (terminal == -1) {
    int error = errno;
    close(master);
    return iso_throw(env, error, "ioctl_tty", "/dev/ptmx");
  }
  if (napi_create_array_with_length(env, 2, &pair) != napi_ok) {
    close(master);
    close(terminal);
    return NULL;
  }
  napi_set_element(env, pair, 0, iso_number(env, master));
  napi_set_element(env, pair, 1, iso_number(env, terminal));
  return pair;
}

ISO_FUNCTION(iso_set_winsize) {
  ISO_ARGS(3);
  ISO_INT(0, fd);
  ISO_INT(1, rows);
  ISO_INT(2, columns);
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  if (ioctl((int)fd, TIOCSWINSZ, &size) == -1) return iso_throw(env, errno, "ioctl_tty", NULL);
  return NULL;
}

ISO_FUNCTION(iso_get_winsize) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  struct winsize size;
  napi_value object;
  if (ioctl((int)fd, TIOCGWINSZ, &size) == -1) return iso_throw(env, errno, "ioctl_tty", NULL);
  if (napi_create_object(env, &object) != napi_ok) return NULL;
  iso_set(env, object, "rows", iso_number(env, size.ws_row));
  iso_set(env, object, "columns", iso_number(env, size.ws_col));
  return object;
}

ISO_FUNCTION(iso_make_raw) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  struct termios before, raw;
  memset(&before, 0, sizeof before);
  if (tcgetattr((int)fd, &before) == -1) return iso_throw(env, errno, "tcgetattr", NULL);
  raw = before;
  cfmakeraw(&raw);
  int result;
  // TCSANOW: waiting for output to drain could block.
  ISO_RETRY_ON_INTR(result, tcsetattr((int)fd, TCSANOW, &raw));
  if (result == -1) return iso_throw(env, errno, "tcsetattr", NULL);
  return iso_buffer(env, &before, sizeof before);
}

ISO_FUNCTION(iso_restore_mode) {
  ISO_ARGS(2);
  ISO_INT(0, fd);
  struct iso_bytes saved;
  if (!iso_get_bytes(env, argv[1], &saved)) return NULL;
  struct termios mode;
  if (saved.length != sizeof mode) return iso_throw(env, EINVAL, "tcsetattr", NULL);
  memcpy(&mode, saved.data, sizeof mode);
  int result;
  ISO_RETRY_ON_INTR(result, tcsetattr((int)fd, TCSANOW, &mode));
  if (result == -1) return iso_throw(env, errno, "tcsetattr", NULL);
  return NULL;
}
