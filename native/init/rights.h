// Messages with descriptors over SOCK_SEQPACKET pairs: supervisor <-> child ("sync") and Node <-> supervisor ("channel").
#ifndef ISO_RIGHTS_H
#define ISO_RIGHTS_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#define ISO_MAX_FDS 250  // SCM_MAX_FD is 253

// Both return the number of bytes or -errno; receive returns 0 at end of file. Received descriptors are close-on-exec.
ssize_t iso_send(int socket, const void *data, size_t size, const int *fds, int fd_count, int flags);
ssize_t iso_receive(int socket, void *data, size_t size, int *fds, int *fd_count, int flags);

enum iso_sync_kind { ISO_SYNC_BARRIER = 1, ISO_SYNC_PTY, ISO_SYNC_LISTENER, ISO_SYNC_PARKED, ISO_SYNC_START };

struct iso_sync_message {
  uint32_t kind;
  uint32_t value;
  char name[56];
};

// Returns 0 or -errno.
int iso_sync_send(int sync, uint32_t kind, uint32_t value, int fd);

#endif
