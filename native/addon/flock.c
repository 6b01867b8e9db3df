// SPDX-License-Identifier: Apache-2.0
#include "flock.h"

#include <sys/file.h>

ISO_FUNCTION(iso_flock) {
  ISO_ARGS(2);
  ISO_INT(0, fd);
  ISO_INT(1, operation);
  int result;
  ISO_RETRY_ON_INTR(result, flock((int)fd, (int)operation | LOCK_NB));
  if (result == -1 && errno != EWOULDBLOCK) return iso_throw(env, errno, "flock", NULL);
  napi_value locked;
  napi_get_boolean(env, result == 0, &locked);
  return locked;
}
