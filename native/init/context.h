// What a running plan knows: shared by every operation. One context a process; the record of a failure lies in memory the
// supervisor shares with the stage and the child, because a child under a hostile seccomp profile may be unable to send.
#ifndef ISO_CONTEXT_H
#define ISO_CONTEXT_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

#include "operations.gen.h"

#define ISO_TRACE_STEPS 1024

enum iso_side { ISO_PARENT, ISO_STAGE, ISO_CHILD, ISO_AFTER };

// The first failure of one side. `failed` is written last.
struct iso_record {
  volatile uint32_t failed;
  uint32_t index;
  int32_t error;
  char syscall[24];
  char path[1024];
  char note[512];
};

struct iso_shared {
  struct iso_record parent, child;
  volatile int32_t child_pid;    // as the supervisor sees it; written by the stage
  volatile int32_t child_pidfd;  // number in the supervisor's table, which the stage shares
  volatile uint64_t clone_ns, ready_ns;
  volatile uint64_t step_ns[ISO_TRACE_STEPS];  // when the step of that index ended, where ISO_PLAN_TRACE is set
};

struct iso_context {
  struct iso_plan plan;
  struct iso_shared *shared;
  struct iso_record *record;  // the one of this side
  enum iso_side side;
  int *slots;
  int sync;           // our end of the pair between supervisor and child
  int channel;        // supervisor only: the caller
  int starter;        // child of the role create: the connection that said start
  pid_t child;        // supervisor only
  int child_pidfd;    // supervisor only
  int death_signal;   // child: set again after each credential change
  bool new_user;      // the clone makes a user namespace
  bool joined_user;   // a setns of the stage or the child has entered one
  bool keep_caps;
  char *receipt;      // supervisor only: what readFile steps have read, see op-file.c
  uint32_t receipt_size, receipt_count;
};

// Notes which system call on which path failed and returns -errno. `syscall` must be a literal.
int iso_fail(struct iso_context *c, const char *syscall, const char *path);
int iso_fail_with(struct iso_context *c, int error, const char *syscall, const char *path);
void iso_note(struct iso_context *c, const char *text, size_t length);

// Fills a slot, closing what it held.
void iso_set_slot(struct iso_context *c, uint32_t slot, int fd);
static inline int iso_slot(const struct iso_context *c, uint32_t slot) { return slot == ISO_NO_SLOT ? -1 : c->slots[slot]; }

// Writes the text of a template into `out`; returns NULL where it does not fit.
const char *iso_expand(struct iso_context *c, struct iso_template t, char *out, size_t size);

uint64_t iso_now_ns(void);

#define ISO_CLEANUP_FD __attribute__((cleanup(iso_cleanup_fd)))
static inline void iso_cleanup_fd(int *fd) {
  if (*fd >= 0) {
    int saved = errno;
    close(*fd);
    errno = saved;
  }
}

#endif
