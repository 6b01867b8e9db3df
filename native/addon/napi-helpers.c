// SPDX-License-Identifier: Apache-2.0
#include "napi-helpers.h"

#include <string.h>

// A wrong type can only come from a wrapper that forgot its check; EINVAL with the reader's name points at it.
static bool refuse(napi_env env, int error, const char *reader) {
  iso_throw(env, error, reader, NULL);
  return false;
}

bool iso_get_int(napi_env env, napi_value value, int64_t *out) {
  if (napi_get_value_int64(env, value, out) != napi_ok) return refuse(env, EINVAL, "argument: number");
  return true;
}

bool iso_get_text(napi_env env, napi_value value, struct iso_text *out) {
  napi_valuetype type;
  out->value = NULL;
  if (napi_typeof(env, value, &type) != napi_ok) return refuse(env, EINVAL, "argument: text");
  if (type == napi_null || type == napi_undefined) return true;
  size_t length;
  if (type == napi_string) {
    if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) return refuse(env, EINVAL, "argument: text");
    if (length >= sizeof out->bytes) return refuse(env, ENAMETOOLONG, "argument: text");
    napi_get_value_string_utf8(env, value, out->bytes, sizeof out->bytes, &length);
  } else {
    struct iso_bytes bytes;
    if (!iso_get_bytes(env, value, &bytes)) return false;
    length = bytes.length;
    if (length >= sizeof out->bytes) return refuse(env, ENAMETOOLONG, "argument: text");
    if (length > 0) memcpy(out->bytes, bytes.data, length);
  }
  out->bytes[length] = '\0';
  // The kernel would stop reading at the NUL and act on another name than the caller's.
  if (memchr(out->bytes, '\0', length) != NULL) return refuse(env, EINVAL, "argument: text");
  out->value = out->bytes;
  return true;
}

bool iso_get_bytes(napi_env env, napi_value value, struct iso_bytes *out) {
  bool is_typed_array = false;
  napi_is_typedarray(env, value, &is_typed_array);
  if (!is_typed_array) return refuse(env, EINVAL, "argument: bytes");
  napi_typedarray_type type;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &out->length, &data, NULL, NULL) != napi_ok || type != napi_uint8_array)
    return refuse(env, EINVAL, "argument: bytes");
  out->data = data;
  return true;
}

napi_value iso_throw(napi_env env, int error, const char *syscall, const char *path) {
  napi_value record, text;
  if (napi_create_object(env, &record) != napi_ok) return NULL;
  iso_set(env, record, "errno", iso_number(env, error));
  if (napi_create_string_utf8(env, syscall, NAPI_AUTO_LENGTH, &text) == napi_ok) iso_set(env, record, "syscall", text);
  if (path != NULL && napi_create_string_utf8(env, path, NAPI_AUTO_LENGTH, &text) == napi_ok) iso_set(env, record, "path", text);
  napi_throw(env, record);
  return NULL;
}

napi_value iso_number(napi_env env, double value) {
  napi_value result = NULL;
  napi_create_double(env, value, &result);
  return result;
}

napi_value iso_buffer(napi_env env, const void *data, size_t length) {
  napi_value result = NULL;
  napi_create_buffer_copy(env, length, data, NULL, &result);
  return result;
}

void iso_set(napi_env env, napi_value object, const char *name, napi_value value) {
  if (value != NULL) napi_set_named_property(env, object, name, value);
}
