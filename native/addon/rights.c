// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "rights.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_FDS = 253 };  // SCM_MAX_FD of the kernel

// Aligned as a control message has to be.
union control {
  char bytes[CMSG_SPACE(sizeof(int) * MAX_FDS)];
  struct cmsghdr align;
};

static napi_value fd_array(napi_env env, const int *fds, size_t count) {
  napi_value array;
  if (napi_create_array_with_length(env, count, &array) != napi_ok) {
    for (size_t i = 0; i < count; i++) close(fds[i]);
    return NULL;
  }
  for (size_t i = 0; i < count; i++) napi_set_element(env, array, (uint32_t)i, iso_number(env, fds[i]));
  return array;
}

ISO_FUNCTION(iso_socketpair) {
  ISO_ARGS(1);
  ISO_INT(0, type);
  int ends[2];
  if (socketpair(AF_UNIX, (int)type | SOCK_CLOEXEC, 0, ends) == -1) return iso_throw(env, errno, "socketpair", NULL);
  return fd_array(env, ends, 2);
}

ISO_FUNCTION(iso_send_fds) {
  ISO_ARGS(3);
  ISO_INT(0, socket);
  struct iso_bytes bytes;
  if (!iso_get_bytes(env, argv[1], &bytes)) return NULL;
  uint32_t count = 0;
  napi_get_array_length(env, argv[2], &count);
  if (count > MAX_FDS) return iso_throw(env, EINVAL, "sendmsg", NULL);

  union control control;
  memset(&control, 0, sizeof control);
  struct iovec part = {.iov_base = (void *)bytes.data, .iov_len = bytes.length};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (count > 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * count);
    for (uint32_t i = 0; i < count; i++) {
      napi_value element;
      int64_t fd;
      if (napi_get_element(env, argv[2], i, &element) != napi_ok || !iso_get_int(env, element, &fd)) return NULL;
      int number = (int)fd;
      memcpy(CMSG_DATA(header) + sizeof(int) * i, &number, sizeof number);
    }
  }
  ssize_t sent;
  ISO_RETRY_ON_INTR(sent, sendmsg((int)socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL));
  if (sent == -1 && errno != EAGAIN) return iso_throw(env, errno, "sendmsg", NULL);
  return iso_number(env, (double)sent);
}

// Copies the received descriptors out of the control messages; `fds` holds MAX_FDS.
static size_t collect(struct msghdr *message, int *fds) {
  size_t count = 0;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    size_t received = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < received && count < MAX_FDS; i++)
      memcpy(&fds[count++], CMSG_DATA(header) + sizeof(int) * i, sizeof(int));
  }
  return count;
}

// Up to this size a message is received on the stack.
#define SMALL_MESSAGE 65536

ISO_FUNCTION(iso_recv_fds) {
  ISO_ARGS(2);
  ISO_INT(0, socket);
  ISO_INT(1, max_bytes);
  napi_value object, data;
  void *bytes;
  if (napi_create_object(env, &object) != napi_ok) return NULL;
  char small[SMALL_MESSAGE], *large = NULL, *buffer = small;
  if (max_bytes > SMALL_MESSAGE) buffer = large = malloc((size_t)max_bytes);
  if (buffer == NULL) return iso_throw(env, ENOMEM, "recvmsg", NULL);
  union control control;
  struct iovec part = {.iov_base = buffer, .iov_len = (size_t)max_bytes};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  ssize_t received;
  ISO_RETRY_ON_INTR(received, recvmsg((int)socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC));
  if (received == -1) {
    int error = errno;
    free(large);
    if (error != EAGAIN) return iso_throw(env, error, "recvmsg", NULL);
    napi_get_null(env, &object);
    return object;
  }
  int fds[MAX_FDS];
  size_t count = collect(&message, fds);
  napi_value array = fd_array(env, fds, count);
  napi_status status = napi_create_buffer_copy(env, (size_t)received, buffer, &bytes, &data);
  free(large);
  if (array == NULL || status != napi_ok) return NULL;
  iso_set(env, object, "data", data);
  iso_set(env, object, "fds", array);
  napi_value truncated;
  // Data or descriptors that did not fit are gone: the caller must know.
  napi_get_boolean(env, (message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) != 0, &truncated);
  iso_set(env, object, "truncated", truncated);
  return object;
}

ISO_FUNCTION(iso_peer_credentials) {
  ISO_ARGS(1);
  ISO_INT(0, socket);
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (getsockopt((int)socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) == -1)
    return iso_throw(env, errno, "getsockopt", NULL);
  napi_value object;
  if (napi_create_object(env, &object) != napi_ok) return NULL;
  iso_set(env, object, "pid", iso_number(env, peer.pid));
  iso_set(env, object, "uid", iso_number(env, peer.uid));
  iso_set(env, object, "gid", iso_number(env, peer.gid));
  return object;
}
