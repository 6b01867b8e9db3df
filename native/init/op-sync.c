// signal, wait: where one side waits for another.
#include <string.h>

#include "sync.h"

int iso_do_signal(struct iso_context *c, const struct iso_signal *a) {
  struct iso_sync_message m = {.kind = ISO_SYNC_BARRIER};
  if (strlen(a->barrier) >= sizeof m.name) return iso_fail_with(c, ENAMETOOLONG, "sendmsg", a->barrier);
  strcpy(m.name, a->barrier);
  int fd = iso_slot(c, a->send);
  ssize_t n = iso_send(c->sync, &m, sizeof m, &fd, fd >= 0 ? 1 : 0, 0);
  return n < 0 ? iso_fail_with(c, (int)-n, "sendmsg", a->barrier) : 0;
}

// Barriers may be reached in another order than they are waited for.
#define MAX_PENDING 32
static struct {
  char name[56];
  int fd;
} pending[MAX_PENDING];
static int pending_count;

static bool take_pending(const char *barrier, int *fd) {
  for (int i = 0; i < pending_count; i++) {
    if (strcmp(pending[i].name, barrier) != 0) continue;
    *fd = pending[i].fd;
    pending[i] = pending[--pending_count];
    return true;
  }
  return false;
}

int iso_do_wait(struct iso_context *c, const struct iso_wait *a) {
  int fd = -1;
  while (!take_pending(a->barrier, &fd)) {
    struct iso_sync_message m;
    int got = -1, count = 1;
    ssize_t n = iso_receive(c->sync, &m, sizeof m, &got, &count, 0);
    if (count == 0) got = -1;
    if (n < 0) return iso_fail_with(c, (int)-n, "recvmsg", a->barrier);
    if (n != sizeof m) return iso_fail_with(c, EPIPE, "recvmsg", a->barrier);  // the other side has gone
    if (m.kind != ISO_SYNC_BARRIER) {
      if (c->side == ISO_PARENT) iso_supervisor_message(c, &m, got);
      continue;
    }
    if (pending_count == MAX_PENDING) return iso_fail_with(c, EOVERFLOW, "recvmsg", a->barrier);
    m.name[sizeof m.name - 1] = 0;
    strcpy(pending[pending_count].name, m.name);
    pending[pending_count++].fd = got;
  }
  if (a->receive != ISO_NO_SLOT) iso_set_slot(c, a->receive, fd);
  else if (fd >= 0) close(fd);
  return 0;
}
