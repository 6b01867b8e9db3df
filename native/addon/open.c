// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "open.h"

#include <fcntl.h>

#include "../init/syscall-numbers.h"

// A scoped lookup through ".." fails with EAGAIN whenever anything on the machine is renamed meanwhile. With one call in
// fifteen failing under a busy rename loop, this many tries in a row do not happen.
enum { SCOPED_LOOKUP_TRIES = 64 };

enum { ISO_CLOSE_RANGE_CLOEXEC = 4 };

struct iso_open_how {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
};

ISO_FUNCTION(iso_openat2) {
  ISO_ARGS(5);
  ISO_INT(0, dirfd);
  ISO_TEXT(1, path);
  ISO_INT(2, flags);
  ISO_INT(3, mode);
  ISO_INT(4, resolve);
  struct iso_open_how how = {.flags = (uint64_t)flags | O_CLOEXEC, .mode = (uint64_t)mode, .resolve = (uint64_t)resolve};
  int fd = -1;
  for (int tries = 0; tries < SCOPED_LOOKUP_TRIES; tries++) {
    ISO_RETRY_ON_INTR(fd, (int)syscall(SYS_openat2, (int)dirfd, path.value, &how, sizeof how));
    if (fd != -1 || errno != EAGAIN || resolve == 0) break;
  }
  if (fd == -1) return iso_throw(env, errno, "openat2", path.value);
  return iso_number(env, fd);
}

ISO_FUNCTION(iso_close) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  // EINTR: the descriptor is gone all the same.
  if (close((int)fd) == -1 && errno != EINTR) return iso_throw(env, errno, "close", NULL);
  return NULL;
}

ISO_FUNCTION(iso_close_range) {
  ISO_ARGS(2);
  ISO_INT(0, first);
  ISO_INT(1, last);
  if (syscall(SYS_close_range, (unsigned)first, (unsigned)last, ISO_CLOSE_RANGE_CLOEXEC) == -1)
    return iso_throw(env, errno, "close_range", NULL);
  return NULL;
}

ISO_FUNCTION(iso_dup) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  int copy = fcntl((int)fd, F_DUPFD_CLOEXEC, 0);
  if (copy == -1) return iso_throw(env, errno, "fcntl", NULL);
  return iso_number(env, copy);
}

static void close_adopted(void *fd) { close((int)(intptr_t)fd); }

// Closes the descriptor when the environment ends, which for a terminated Worker is the only chance.
ISO_FUNCTION(iso_adopt) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  if (napi_add_env_cleanup_hook(env, close_adopted, (void *)(intptr_t)fd) != napi_ok) return iso_throw(env, ENOMEM, "close", NULL);
  return NULL;
}

ISO_FUNCTION(iso_release) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  napi_remove_env_cleanup_hook(env, close_adopted, (void *)(intptr_t)fd);
  return NULL;
}

ISO_FUNCTION(iso_pipe2) {
  ISO_ARGS(2);
  ISO_INT(0, flags);
  ISO_INT(1, size);
  int ends[2];
  if (pipe2(ends, (int)flags | O_CLOEXEC) == -1) return iso_throw(env, errno, "pipe2", NULL);
  // A wish: an ordinary user has a budget of pages for all pipes together.
  if (size > 0) fcntl(ends[0], F_SETPIPE_SZ, (int)size);
  napi_value pair;
  if (napi_create_array_with_length(env, 2, &pair) != napi_ok) {
    close(ends[0]);
    close(ends[1]);
    return NULL;
  }
  napi_set_element(env, pair, 0, iso_number(env, ends[0]));
  napi_set_element(env, pair, 1, iso_number(env, ends[1]));
  return pair;
}
