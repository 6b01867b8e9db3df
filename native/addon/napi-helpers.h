// SPDX-License-Identifier: Apache-2.0
// The little that every family needs between Node-API and the kernel. Arguments were validated in TypeScript; what is
// checked here keeps memory safe. Failures cross as { errno, syscall, path } and become an IsoError in src/binding.ts.

#ifndef ISO_NAPI_HELPERS_H
#define ISO_NAPI_HELPERS_H

#define NAPI_VERSION 8
#include <errno.h>
#include <limits.h>
#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A string or Buffer argument. `value` is NULL where the caller gave null or undefined.
struct iso_text {
  const char *value;
  char bytes[PATH_MAX];
};

// A Buffer or Uint8Array argument; it belongs to JavaScript and is valid for the length of the call.
struct iso_bytes {
  const uint8_t *data;
  size_t length;
};

bool iso_get_int(napi_env env, napi_value value, int64_t *out);
bool iso_get_text(napi_env env, napi_value value, struct iso_text *out);
bool iso_get_bytes(napi_env env, napi_value value, struct iso_bytes *out);

// Throws { errno, syscall, path } and returns NULL, so that a callback can return its result.
napi_value iso_throw(napi_env env, int error, const char *syscall, const char *path);

napi_value iso_number(napi_env env, double value);
napi_value iso_buffer(napi_env env, const void *data, size_t length);
void iso_set(napi_env env, napi_value object, const char *name, napi_value value);

#define ISO_FUNCTION(name) napi_value name(napi_env env, napi_callback_info info)

// Reads the arguments into argv; missing ones are undefined.
#define ISO_ARGS(count)     \
  napi_value argv[count];   \
  size_t argc = (count);    \
  if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok) return NULL

#define ISO_INT(index, name) \
  int64_t name;              \
  if (!iso_get_int(env, argv[index], &name)) return NULL

#define ISO_TEXT(index, name) \
  struct iso_text name;       \
  if (!iso_get_text(env, argv[index], &name)) return NULL

// For calls that a signal may interrupt before they have done anything. Never for close(): Linux has let go of the
// descriptor by then.
#define ISO_RETRY_ON_INTR(result, call) \
  do {                                  \
    (result) = (call);                  \
  } while ((result) == -1 && errno == EINTR)

#endif
