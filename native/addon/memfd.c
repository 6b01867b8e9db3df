// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "memfd.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "../init/syscall-numbers.h"

// 6.3. With vm.memfd_noexec=1 a file that is to be executed must say so, and one that is not may be refused otherwise.
enum { ISO_MFD_NOEXEC_SEAL = 8, ISO_MFD_EXEC = 16 };

ISO_FUNCTION(iso_memfd_create) {
  ISO_ARGS(2);
  ISO_TEXT(0, name);
  ISO_INT(1, executable);
  unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  int fd = (int)syscall(SYS_memfd_create, name.value, flags | (executable ? ISO_MFD_EXEC : ISO_MFD_NOEXEC_SEAL));
  // Kernels before 6.3 do not know the two flags; there every memfd may be executed.
  if (fd == -1 && errno == EINVAL) fd = (int)syscall(SYS_memfd_create, name.value, flags);
  if (fd == -1) return iso_throw(env, errno, "memfd_create", name.value);
  return iso_number(env, fd);
}

ISO_FUNCTION(iso_add_seals) {
  ISO_ARGS(2);
  ISO_INT(0, fd);
  ISO_INT(1, seals);
  if (fcntl((int)fd, F_ADD_SEALS, (int)seals) == -1) return iso_throw(env, errno, "fcntl", NULL);
  return NULL;
}

ISO_FUNCTION(iso_get_seals) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  int seals = fcntl((int)fd, F_GET_SEALS);
  if (seals == -1) return iso_throw(env, errno, "fcntl", NULL);
  return iso_number(env, seals);
}
