// SPDX-License-Identifier: Apache-2.0
#include "xattr.h"

#include <stdlib.h>
#include <sys/types.h>
#include <sys/xattr.h>

// The kernel's own limits for a value and for a list of names (linux/limits.h): with room for them no second try is
// needed, and nobody can grow the value between asking for its size and reading it.
enum { XATTR_BYTES_MAX = 65536 };

enum { STACK_BYTES = 1024 };

// What an attribute belongs to: a path, followed or not, or a descriptor.
struct target {
  enum { FOLLOW, LINK, DESCRIPTOR } kind;
  struct iso_text path;
  int64_t fd;
};

static bool get_target(napi_env env, napi_value value, struct target *target) {
  target->path.value = NULL;
  return target->kind == DESCRIPTOR ? iso_get_int(env, value, &target->fd) : iso_get_text(env, value, &target->path);
}

static ssize_t read_value(const struct target *target, const char *name, void *buffer, size_t size) {
  switch (target->kind) {
    case FOLLOW: return getxattr(target->path.value, name, buffer, size);
    case LINK: return lgetxattr(target->path.value, name, buffer, size);
    default: return fgetxattr((int)target->fd, name, buffer, size);
  }
}

static ssize_t read_names(const struct target *target, char *buffer, size_t size) {
  switch (target->kind) {
    case FOLLOW: return listxattr(target->path.value, buffer, size);
    case LINK: return llistxattr(target->path.value, buffer, size);
    default: return flistxattr((int)target->fd, buffer, size);
  }
}

// Reads a value, or with no name the list of names.
static napi_value read_into_buffer(napi_env env, const struct target *target, const char *name, const char *syscall) {
  char small[STACK_BYTES];
  ssize_t length = name ? read_value(target, name, small, sizeof small) : read_names(target, small, sizeof small);
  if (length >= 0) return iso_buffer(env, small, (size_t)length);
  if (errno != ERANGE) return iso_throw(env, errno, syscall, target->path.value);
  char *large = malloc(XATTR_BYTES_MAX);
  if (large == NULL) return iso_throw(env, ENOMEM, syscall, target->path.value);
  length = name ? read_value(target, name, large, XATTR_BYTES_MAX) : read_names(target, large, XATTR_BYTES_MAX);
  int error = errno;
  napi_value result = NULL;
  if (length >= 0) result = iso_buffer(env, large, (size_t)length);
  free(large);
  return length >= 0 ? result : iso_throw(env, error, syscall, target->path.value);
}

static napi_value get(napi_env env, napi_callback_info info, int kind, const char *syscall) {
  ISO_ARGS(2);
  struct target target = {.kind = kind};
  if (!get_target(env, argv[0], &target)) return NULL;
  ISO_TEXT(1, name);
  if (name.value == NULL) return iso_throw(env, EINVAL, syscall, target.path.value);
  return read_into_buffer(env, &target, name.value, syscall);
}

static napi_value list(napi_env env, napi_callback_info info, int kind, const char *syscall) {
  ISO_ARGS(1);
  struct target target = {.kind = kind};
  if (!get_target(env, argv[0], &target)) return NULL;
  return read_into_buffer(env, &target, NULL, syscall);
}

static napi_value set(napi_env env, napi_callback_info info, int kind, const char *syscall) {
  ISO_ARGS(4);
  struct target target = {.kind = kind};
  if (!get_target(env, argv[0], &target)) return NULL;
  ISO_TEXT(1, name);
  struct iso_bytes bytes;
  if (!iso_get_bytes(env, argv[2], &bytes)) return NULL;
  ISO_INT(3, flags);
  int result;
  switch (kind) {
    case FOLLOW: result = setxattr(target.path.value, name.value, bytes.data, bytes.length, (int)flags); break;
    case LINK: result = lsetxattr(target.path.value, name.value, bytes.data, bytes.length, (int)flags); break;
    default: result = fsetxattr((int)target.fd, name.value, bytes.data, bytes.length, (int)flags);
  }
  if (result == -1) return iso_throw(env, errno, syscall, target.path.value);
  return NULL;
}

static napi_value removed(napi_env env, napi_callback_info info, int kind, const char *syscall) {
  ISO_ARGS(2);
  struct target target = {.kind = kind};
  if (!get_target(env, argv[0], &target)) return NULL;
  ISO_TEXT(1, name);
  int result;
  switch (kind) {
    case FOLLOW: result = removexattr(target.path.value, name.value); break;
    case LINK: result = lremovexattr(target.path.value, name.value); break;
    default: result = fremovexattr((int)target.fd, name.value);
  }
  if (result == -1) return iso_throw(env, errno, syscall, target.path.value);
  return NULL;
}

ISO_FUNCTION(iso_getxattr) { return get(env, info, FOLLOW, "getxattr"); }
ISO_FUNCTION(iso_lgetxattr) { return get(env, info, LINK, "lgetxattr"); }
ISO_FUNCTION(iso_fgetxattr) { return get(env, info, DESCRIPTOR, "fgetxattr"); }
ISO_FUNCTION(iso_setxattr) { return set(env, info, FOLLOW, "setxattr"); }
ISO_FUNCTION(iso_lsetxattr) { return set(env, info, LINK, "lsetxattr"); }
ISO_FUNCTION(iso_fsetxattr) { return set(env, info, DESCRIPTOR, "fsetxattr"); }
ISO_FUNCTION(iso_listxattr) { return list(env, info, FOLLOW, "listxattr"); }
ISO_FUNCTION(iso_llistxattr) { return list(env, info, LINK, "llistxattr"); }
ISO_FUNCTION(iso_flistxattr) { return list(env, info, DESCRIPTOR, "flistxattr"); }
ISO_FUNCTION(iso_removexattr) { return removed(env, info, FOLLOW, "removexattr"); }
ISO_FUNCTION(iso_lremovexattr) { return removed(env, info, LINK, "lremovexattr"); }
ISO_FUNCTION(iso_fremovexattr) { return removed(env, info, DESCRIPTOR, "fremovexattr"); }
