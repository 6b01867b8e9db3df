#ifndef ISO_INTERPRET_H
#define ISO_INTERPRET_H

#include "context.h"

// Runs the steps of a section in order. Returns 0, or -errno with the context's record filled.
int iso_interpret(struct iso_context *c, struct iso_section section);

// Runs every step of a section whatever fails, for the after side: cleaning up must not stop half way. Keeps the first failure.
int iso_interpret_all(struct iso_context *c, struct iso_section section);

// Runs the one step at `offset`.
int iso_interpret_one(struct iso_context *c, uint32_t offset);

#endif
