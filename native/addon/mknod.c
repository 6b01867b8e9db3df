// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "mknod.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

ISO_FUNCTION(iso_mknod) {
  ISO_ARGS(4);
  ISO_TEXT(0, path);
  ISO_INT(1, mode);
  ISO_INT(2, major);
  ISO_INT(3, minor);
  if (mknod(path.value, (mode_t)mode, makedev((unsigned)major, (unsigned)minor)) == -1)
    return iso_throw(env, errno, "mknod", path.value);
  return NULL;
}
