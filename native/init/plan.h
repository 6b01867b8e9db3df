// Walks the sections of a decoded plan.
#ifndef ISO_PLAN_H
#define ISO_PLAN_H

#include "operations.gen.h"

// Decodes every step of every section once, before anything is done: a plan is run whole or not at all.
// Returns false where any step is malformed, or alternatives reach beyond their section.
bool iso_check_plan(const struct iso_plan *plan);

#endif
