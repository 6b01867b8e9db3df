#include "plan.h"

static bool check_section(const struct iso_plan *plan, struct iso_section section) {
  uint32_t offset = section.offset;
  for (uint32_t i = 0; i < section.count; i++) {
    struct iso_step step;
    offset = iso_decode_step(plan, offset, &step);
    if (offset == 0) return false;
    if (step.head.alternatives > section.count - i - 1) return false;
  }
  return true;
}

bool iso_check_plan(const struct iso_plan *plan) {
  if (plan->clone != 0) {
    struct iso_step step;
    if (iso_decode_step(plan, plan->clone, &step) == 0 || step.op != ISO_OP_CLONE) return false;
  }
  return check_section(plan, plan->before) && check_section(plan, plan->stage) && check_section(plan, plan->beside) &&
         check_section(plan, plan->child) && check_section(plan, plan->receipt) &&
         check_section(plan, plan->undo);
}
