// SPDX-License-Identifier: Apache-2.0
#include "pidfd.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../init/syscall-numbers.h"

enum { ISO_P_PIDFD = 3 };  // idtype of waitid(), 5.4; missing from older headers

ISO_FUNCTION(iso_pidfd_open) {
  ISO_ARGS(1);
  ISO_INT(0, pid);
  // The kernel sets close-on-exec on every pidfd.
  int fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
  if (fd == -1) return iso_throw(env, errno, "pidfd_open", NULL);
  return iso_number(env, fd);
}

ISO_FUNCTION(iso_pidfd_send_signal) {
  ISO_ARGS(2);
  ISO_INT(0, pidfd);
  ISO_INT(1, signal);
  if (syscall(SYS_pidfd_send_signal, (int)pidfd, (int)signal, NULL, 0) == -1)
    return iso_throw(env, errno, "pidfd_send_signal", NULL);
  return NULL;
}

ISO_FUNCTION(iso_pidfd_getfd) {
  ISO_ARGS(2);
  ISO_INT(0, pidfd);
  ISO_INT(1, target);
  int fd = (int)syscall(SYS_pidfd_getfd, (int)pidfd, (int)target, 0);
  if (fd == -1) return iso_throw(env, errno, "pidfd_getfd", NULL);
  return iso_number(env, fd);
}

static double microseconds(struct timeval time) {
  return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

ISO_FUNCTION(iso_wait_pidfd) {
  ISO_ARGS(1);
  ISO_INT(0, pidfd);
  siginfo_t status;
  struct rusage usage;
  memset(&status, 0, sizeof status);
  memset(&usage, 0, sizeof usage);
  int result;
  // The raw call, because the library's waitid() has no rusage. WNOHANG: nothing here may block the event loop.
  ISO_RETRY_ON_INTR(result, (int)syscall(SYS_waitid, ISO_P_PIDFD, (id_t)pidfd, &status, WEXITED | WNOHANG, &usage));
  if (result == -1) return iso_throw(env, errno, "waitid", NULL);
  napi_value object;
  if (status.si_pid == 0) {
    napi_get_null(env, &object);
    return object;
  }
  if (napi_create_object(env, &object) != napi_ok) return NULL;
  iso_set(env, object, "pid", iso_number(env, status.si_pid));
  iso_set(env, object, "code", iso_number(env, status.si_code));
  iso_set(env, object, "status", iso_number(env, status.si_status));
  iso_set(env, object, "userUs", iso_number(env, microseconds(usage.ru_utime)));
  iso_set(env, object, "systemUs", iso_number(env, microseconds(usage.ru_stime)));
  return object;
}
