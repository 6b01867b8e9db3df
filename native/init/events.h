// What a supervisor tells Node, and what Node tells it: one SOCK_SEQPACKET message each, little-endian, mirrored in
// src/events.ts.
#ifndef ISO_EVENTS_H
#define ISO_EVENTS_H

#include "context.h"

// No event is larger; a receipt that would make it so is refused (op-file.c).
#define ISO_EVENT_MAX 65536u

enum iso_event { ISO_STARTED = 1, ISO_FAILED, ISO_PTY, ISO_PARKED, ISO_EXITED, ISO_DONE, ISO_CALLBACK, ISO_TRACE, ISO_LISTENER };
enum iso_command { ISO_KILL = 1, ISO_DETACH, ISO_START, ISO_REPLY };
enum iso_cause { ISO_CAUSE_NONE, ISO_CAUSE_TIMEOUT, ISO_CAUSE_OUTPUT_LIMIT, ISO_CAUSE_ABORTED };

struct iso_command_message {
  uint32_t kind;
  uint32_t value;  // KILL: signal number; REPLY: errno
  uint32_t cause;  // KILL: enum iso_cause
};

struct iso_exit {
  uint32_t code;    // CLD_EXITED, CLD_KILLED, CLD_DUMPED
  uint32_t status;  // exit code or signal
  uint32_t cause;
  uint64_t user_us, system_us;
  uint64_t received_ns, prepared_ns, cloned_ns, ready_ns, started_ns, exited_ns;
};

void iso_send_started(struct iso_context *c);
void iso_send_failed(struct iso_context *c, const struct iso_record *record, enum iso_side side);
void iso_send_fd(struct iso_context *c, enum iso_event kind, int fd);
void iso_send_exited(struct iso_context *c, const struct iso_exit *e);
void iso_send_done(struct iso_context *c);
void iso_send_trace(struct iso_context *c);

#endif
