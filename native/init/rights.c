#include "rights.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

ssize_t iso_send(int socket, const void *data, size_t size, const int *fds, int fd_count, int flags) {
  union {
    struct cmsghdr align;
    char room[CMSG_SPACE(sizeof(int) * ISO_MAX_FDS)];
  } control;
  struct iovec part = {(void *)data, size};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (fd_count > ISO_MAX_FDS) return -E2BIG;
  if (fd_count > 0) {
    message.msg_control = control.room;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)fd_count);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)fd_count);
    memcpy(CMSG_DATA(header), fds, sizeof(int) * (size_t)fd_count);
  }
  ssize_t n;
  do n = sendmsg(socket, &message, MSG_NOSIGNAL | flags);
  while (n < 0 && errno == EINTR);
  return n < 0 ? -errno : n;
}

ssize_t iso_receive(int socket, void *data, size_t size, int *fds, int *fd_count, int flags) {
  union {
    struct cmsghdr align;
    char room[CMSG_SPACE(sizeof(int) * ISO_MAX_FDS)];
  } control;
  struct iovec part = {data, size};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
  ssize_t n;
  do n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | flags);
  while (n < 0 && errno == EINTR);
  if (n < 0) return -errno;
  int room = fd_count ? *fd_count : 0, got = 0;
  for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h; h = CMSG_NXTHDR(&message, h)) {
    if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS) continue;
    int count = (int)((h->cmsg_len - CMSG_LEN(0)) / sizeof(int)), received[ISO_MAX_FDS];
    memcpy(received, CMSG_DATA(h), sizeof(int) * (size_t)count);
    for (int i = 0; i < count; i++) {
      if (got < room) fds[got++] = received[i];
      else close(received[i]);
    }
  }
  if (fd_count) *fd_count = got;
  return n;
}

int iso_sync_send(int sync, uint32_t kind, uint32_t value, int fd) {
  struct iso_sync_message message = {.kind = kind, .value = value};
  ssize_t n = iso_send(sync, &message, sizeof message, &fd, fd >= 0 ? 1 : 0, 0);
  return n < 0 ? (int)n : 0;
}
