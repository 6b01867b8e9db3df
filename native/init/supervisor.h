#ifndef ISO_SUPERVISOR_H
#define ISO_SUPERVISOR_H

#include <stdint.h>

struct iso_request {
  int plan;       // memfd
  int channel;    // to Node
  int stdio[3];
  int *slots;     // descriptors of the caller, slots 0 to slot_count - 1
  int slot_count;
  uint64_t received_ns;
};

// What a supervisor does before it knows its plan: session, signals, memory shared with the child.
void iso_supervisor_prepare(void);

// Runs one plan from its first step to its last and exits.
_Noreturn void iso_supervise(const struct iso_request *request);

#endif
