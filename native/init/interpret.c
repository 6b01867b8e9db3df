// One loop runs every side. A step that fails is ignored (its errno is listed), replaced by its alternatives, or ends the section.
#include "interpret.h"

static bool ignored(const struct iso_step *step, int error) {
  for (uint32_t i = 0; i < step->head.ignore.count; i++) {
    if (iso_u32s_item(&step->head.ignore, i) == (uint32_t)error) return true;
  }
  return false;
}

static void trace(struct iso_context *c, uint32_t index) {
  if ((c->plan.flags & ISO_PLAN_TRACE) && index < ISO_TRACE_STEPS) c->shared->step_ns[index] = iso_now_ns();
}

static int fail(struct iso_context *c, uint32_t index, int result) {
  if (!c->record->failed) {
    c->record->index = index;
    c->record->error = -result;
    __atomic_store_n(&c->record->failed, 1, __ATOMIC_RELEASE);
  }
  return result;
}

int iso_interpret(struct iso_context *c, struct iso_section section) {
  uint32_t offset = section.offset;
  for (uint32_t i = 0; i < section.count;) {
    struct iso_step step;
    offset = iso_decode_step(&c->plan, offset, &step);
    if (offset == 0) return fail(c, ISO_ABSENT, iso_fail_with(c, EBADMSG, "decode", NULL));
    i++;
    int result = iso_dispatch(c, &step);
    trace(c, step.head.index);
    uint32_t alternatives = step.head.alternatives;
    bool use = result < 0 && !ignored(&step, -result);
    if (use && alternatives == 0) return fail(c, step.head.index, result);
    if (use) continue;  // the alternatives are what follows
    for (; alternatives > 0; alternatives--, i++) {
      offset = iso_decode_step(&c->plan, offset, &step);
      if (offset == 0) return fail(c, ISO_ABSENT, iso_fail_with(c, EBADMSG, "decode", NULL));
    }
  }
  return 0;
}

int iso_interpret_all(struct iso_context *c, struct iso_section section) {
  uint32_t offset = section.offset;
  int kept = 0;
  for (uint32_t i = 0; i < section.count;) {
    struct iso_step step;
    offset = iso_decode_step(&c->plan, offset, &step);
    if (offset == 0) return kept ? kept : -EBADMSG;
    i++;
    int result = iso_dispatch(c, &step);
    trace(c, step.head.index);
    uint32_t alternatives = step.head.alternatives;
    bool use = result < 0 && !ignored(&step, -result);
    if (use && alternatives == 0 && kept == 0) kept = fail(c, step.head.index, result);
    if (use) continue;
    for (; alternatives > 0; alternatives--, i++) {
      offset = iso_decode_step(&c->plan, offset, &step);
      if (offset == 0) return kept ? kept : -EBADMSG;
    }
  }
  return kept;
}

int iso_interpret_one(struct iso_context *c, uint32_t offset) {
  struct iso_step step;
  if (iso_decode_step(&c->plan, offset, &step) == 0) return fail(c, ISO_ABSENT, iso_fail_with(c, EBADMSG, "decode", NULL));
  int result = iso_dispatch(c, &step);
  trace(c, step.head.index);
  return result < 0 ? fail(c, step.head.index, result) : 0;
}
