#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK 65536u

int iso_relay_open(struct iso_relays *r, int stdio[3], uint64_t limit) {
  *r = (struct iso_relays){.out = {{-1, -1, false}, {-1, -1, false}}, .left = limit};
  for (int i = 0; i < 2; i++) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    // The container's user may open /dev/stdout again: the pipe takes over the owner of the one it stands for.
    struct stat st;
    if (fstat(stdio[i + 1], &st) == 0 && S_ISFIFO(st.st_mode) && fchown(ends[1], st.st_uid, st.st_gid) < 0 && errno != EPERM) return -errno;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    r->out[i] = (struct iso_relay){ends[0], stdio[i + 1], false};
    stdio[i + 1] = ends[1];
  }
  return 0;
}

int iso_relay_poll(const struct iso_relays *r, struct pollfd *fds) {
  int n = 0;
  for (int i = 0; i < 2; i++) {
    const struct iso_relay *o = &r->out[i];
    if (o->from >= 0) fds[n++] = o->full ? (struct pollfd){o->to, POLLOUT, 0} : (struct pollfd){o->from, POLLIN, 0};
  }
  return n;
}

static void shut(struct iso_relay *o) {
  if (o->from >= 0) close(o->from);
  if (o->to >= 0) close(o->to);
  o->from = o->to = -1;
}

// Whether `to` has room is asked first: splice honours SPLICE_F_NONBLOCK for pipes only, and `to` may be a file or a terminal.
static void move_one(struct iso_relays *r, struct iso_relay *o) {
  while (o->from >= 0) {
    struct pollfd room = {o->to, POLLOUT, 0};
    if (poll(&room, 1, 0) == 0) {
      o->full = true;
      return;
    }
    o->full = false;
    if (room.revents & (POLLERR | POLLNVAL)) return shut(o);
    size_t want = r->left < CHUNK ? (size_t)r->left : CHUNK;
    if (want == 0) {
      char byte;
      ssize_t extra = read(o->from, &byte, 1);
      if (extra > 0) r->exceeded = true;
      if (extra == 0 || r->exceeded) shut(o);
      return;
    }
    ssize_t n = splice(o->from, NULL, o->to, NULL, want, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return shut(o);
    r->left -= (uint64_t)n;
  }
}

void iso_relay_move(struct iso_relays *r) {
  for (int i = 0; i < 2; i++) move_one(r, &r->out[i]);
}

bool iso_relay_idle(const struct iso_relays *r) { return r->out[0].from < 0 && r->out[1].from < 0; }

void iso_relay_close(struct iso_relays *r) {
  for (int i = 0; i < 2; i++) shut(&r->out[i]);
}
