// SPDX-License-Identifier: Apache-2.0
#include "eventfd.h"

#include <sys/eventfd.h>
#include <unistd.h>

ISO_FUNCTION(iso_eventfd) {
  ISO_ARGS(2);
  ISO_INT(0, initial);
  ISO_INT(1, flags);
  int fd = eventfd((unsigned)initial, (int)flags | EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd == -1) return iso_throw(env, errno, "eventfd", NULL);
  return iso_number(env, fd);
}

ISO_FUNCTION(iso_eventfd_read) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  uint64_t count;
  ssize_t result;
  ISO_RETRY_ON_INTR(result, read((int)fd, &count, sizeof count));
  napi_value value;
  if (result == sizeof count) napi_create_bigint_uint64(env, count, &value);
  else if (result == -1 && errno == EAGAIN) napi_get_null(env, &value);
  else return iso_throw(env, result == -1 ? errno : EINVAL, "read", NULL);
  return value;
}

ISO_FUNCTION(iso_eventfd_write) {
  ISO_ARGS(2);
  ISO_INT(0, fd);
  ISO_INT(1, count);
  uint64_t value = (uint64_t)count;
  ssize_t result;
  ISO_RETRY_ON_INTR(result, write((int)fd, &value, sizeof value));
  if (result == -1) return iso_throw(env, errno, "write", NULL);
  return NULL;
}
