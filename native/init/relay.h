// Output through the supervisor, where its size is capped: copied pipe to pipe, counted, never blocking.
#ifndef ISO_RELAY_H
#define ISO_RELAY_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

struct iso_relay {
  int from, to;
  bool full;  // waiting for room in `to`
};

struct iso_relays {
  struct iso_relay out[2];
  uint64_t left;  // bytes until the cap, both streams together
  bool exceeded;
};

// Replaces stdio[1] and stdio[2] by pipes of ours. Returns 0 or -errno.
int iso_relay_open(struct iso_relays *r, int stdio[3], uint64_t limit);
// Adds up to two descriptors to poll for; returns how many.
int iso_relay_poll(const struct iso_relays *r, struct pollfd *fds);
// Moves what can be moved now.
void iso_relay_move(struct iso_relays *r);
bool iso_relay_idle(const struct iso_relays *r);
void iso_relay_close(struct iso_relays *r);

#endif
