#include "events.h"

#include <stdlib.h>
#include <string.h>

#include "rights.h"

// Nobody listens once Node has gone or the container was detached: an event that cannot be sent is dropped.
static void send_event(struct iso_context *c, const void *data, size_t size, int fd) {
  if (c->channel >= 0) iso_send(c->channel, data, size, &fd, fd >= 0 ? 1 : 0, 0);
}

void iso_send_started(struct iso_context *c) {
  uint32_t event[2] = {ISO_STARTED, (uint32_t)c->child};
  send_event(c, event, sizeof event, c->child_pidfd);
}

void iso_send_fd(struct iso_context *c, enum iso_event kind, int fd) {
  uint32_t event = kind;
  send_event(c, &event, sizeof event, fd);
}

static char *put(char *at, const char *text) {
  size_t n = strlen(text) + 1;
  memcpy(at, text, n);
  return at + n;
}

void iso_send_failed(struct iso_context *c, const struct iso_record *r, enum iso_side side) {
  char event[16 + sizeof r->syscall + sizeof r->path + sizeof r->note];
  uint32_t head[4] = {ISO_FAILED, r->index, (uint32_t)r->error, side};
  memcpy(event, head, sizeof head);
  char *end = put(put(put(event + sizeof head, r->syscall), r->path), r->note);
  send_event(c, event, (size_t)(end - event), -1);
}

void iso_send_exited(struct iso_context *c, const struct iso_exit *e) {
  uint32_t head[6] = {ISO_EXITED, e->code, e->status, e->cause, c->receipt_count, 0};
  uint64_t figures[8] = {e->user_us,   e->system_us, e->received_ns, e->prepared_ns,
                         e->cloned_ns, e->ready_ns,  e->started_ns,  e->exited_ns};
  size_t size = sizeof head + sizeof figures + c->receipt_size;
  char *event = malloc(size);
  if (!event) return;
  memcpy(event, head, sizeof head);
  memcpy(event + sizeof head, figures, sizeof figures);
  if (c->receipt_size) memcpy(event + sizeof head + sizeof figures, c->receipt, c->receipt_size);
  send_event(c, event, size, -1);
  free(event);
}

void iso_send_done(struct iso_context *c) {
  uint32_t event[3] = {ISO_DONE, c->record->failed ? (uint32_t)c->record->error : 0, c->record->index};
  send_event(c, event, sizeof event, -1);
}

void iso_send_trace(struct iso_context *c) {
  static uint64_t event[1 + 2 * ISO_TRACE_STEPS];
  size_t n = 1;
  event[0] = ISO_TRACE;
  for (uint32_t i = 0; i < ISO_TRACE_STEPS; i++) {
    if (c->shared->step_ns[i] == 0) continue;
    event[n++] = i;
    event[n++] = c->shared->step_ns[i];
  }
  send_event(c, event, n * sizeof *event, -1);
}
