// listen, unlink, park: a container that holds all its isolation but has not executed its program yet. Under the role launch the
// caller's supervisor brings the program; under the role create whoever connects to the socket says start. See unix(7).
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "execute.h"
#include "park.h"
#include "rights.h"

// A state directory with a 64-character id overflows the 108 bytes of sun_path: the name is bound through a descriptor of its
// directory (kernel-notes 26).
int iso_do_listen(struct iso_context *c, const struct iso_listen *a) {
  char dir[PATH_MAX], name[PATH_MAX];
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(a->path) >= sizeof dir) return iso_fail_with(c, ENAMETOOLONG, "bind", a->path);
  strcpy(dir, a->path);
  strcpy(name, a->path);
  ISO_CLEANUP_FD int parent = open(dirname(dir), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return iso_fail(c, "openat", a->path);
  int n = snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", parent, basename(name));
  if (n >= (int)sizeof address.sun_path) return iso_fail_with(c, ENAMETOOLONG, "bind", a->path);
  ISO_CLEANUP_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return iso_fail(c, "socket", a->path);
  mode_t old = umask(0177);
  int r = bind(fd, (struct sockaddr *)&address, sizeof address);
  int error = errno;
  umask(old);
  if (r < 0) return iso_fail_with(c, error, "bind", a->path);
  if (listen(fd, 1) < 0) return iso_fail(c, "listen", a->path);
  iso_set_slot(c, a->slot, fcntl(fd, F_DUPFD_CLOEXEC, 3));
  return 0;
}

int iso_do_unlink(struct iso_context *c, const struct iso_unlink *a) {
  if (a->made != ISO_NO_SLOT && c->slots[a->made] < 0) return 0;
  return unlink(a->path) < 0 && errno != ENOENT ? iso_fail(c, "unlinkat", a->path) : 0;
}

static int wait_for_supervisor(struct iso_context *c) {
  for (;;) {
    struct iso_sync_message m;
    int fds[4] = {-1, -1, -1, -1}, count = 4;
    ssize_t n = iso_receive(c->sync, &m, sizeof m, fds, &count, 0);
    if (n < 0) return iso_fail_with(c, (int)-n, "recvmsg", NULL);
    if (n == 0) return iso_fail_with(c, EPIPE, "recvmsg", NULL);
    if (m.kind == ISO_SYNC_START && count >= 1) return iso_take_program(c, fds, count);
  }
}

// Root of the user namespace that made the container, or its creator, may start it; anybody else is hung up on.
static bool may_start(int connection, uid_t owner) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == 0 || peer.uid == owner);
}

static int wait_for_connection(struct iso_context *c, int listener) {
  struct stat st;
  if (fstat(listener, &st) < 0) return iso_fail(c, "fstat", NULL);
  for (;;) {
    int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (connection < 0) return iso_fail(c, "accept4", NULL);
    char order[5];
    if (may_start(connection, st.st_uid) && recv(connection, order, sizeof order, MSG_WAITALL) == sizeof order &&
        memcmp(order, "start", sizeof order) == 0) {
      // Close-on-exec: end of file tells the starter that the program runs; a record, that it could not.
      c->starter = connection;
      return 0;
    }
    close(connection);
  }
}

int iso_do_park(struct iso_context *c, const struct iso_park *a) {
  int r = iso_sync_send(c->sync, ISO_SYNC_PARKED, 0, -1);
  if (r < 0) return iso_fail_with(c, -r, "sendmsg", NULL);
  return a->listen == ISO_NO_SLOT ? wait_for_supervisor(c) : wait_for_connection(c, iso_slot(c, a->listen));
}

void iso_tell_starter(struct iso_context *c) {
  if (c->starter < 0) return;
  char line[sizeof c->record->path + sizeof c->record->note + 64];
  int n = snprintf(line, sizeof line, "%u\n%d\n%s\n%s\n%s\n", c->record->index, c->record->error, c->record->syscall, c->record->path, c->record->note);
  send(c->starter, line, (size_t)n < sizeof line ? (size_t)n : sizeof line, MSG_NOSIGNAL);
}
