#ifndef ISO_PARK_H
#define ISO_PARK_H

#include "context.h"

// Tells whoever said start over the socket of a created container why the program could not be executed.
void iso_tell_starter(struct iso_context *c);

#endif
