// Fuzzes the reading of plans: decode.c, plan.c, the generated decoder, the interpreter's walk and the expansion of templates.
// Whatever the decoder accepts is read to the last byte by the visitor, so that AddressSanitizer sees every pointer it gave out.
#include <stdlib.h>
#include <string.h>

#include "context.h"
#include "interpret.h"
#include "plan.h"
#include "visit.h"

#define HEADER_BYTES (26u * 4u)
#define SOME_FD 1000000  // a number, never opened: only the text of a template shows it

// Steps fail now and then, so that alternatives and ignored errors are walked, too.
static uint32_t turn;

int iso_dispatch(struct iso_context *c, const struct iso_step *step) {
  visit_step(c, step);
  turn = turn * 1664525u + 1013904223u;
  return turn >> 30 ? 0 : -(int)(turn % 40u) - 1;
}

static void read_text(const struct iso_list *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    struct iso_template t = iso_list_item(list, i);
    if (strlen(t.text) != t.length) abort();
  }
}

static void run(const void *plan, size_t size) {
  static struct iso_shared shared;
  static int slots[ISO_MAX_SLOTS];
  struct iso_context context = {.shared = &shared, .record = &shared.parent, .slots = slots, .sync = -1, .channel = -1, .child = 4194304};
  if (!iso_read_plan(plan, (uint32_t)size, ISO_TABLE_DIGEST, &context.plan) || !iso_check_plan(&context.plan)) return;
  for (uint32_t i = 0; i < context.plan.slot_count; i++) slots[i] = i % 2 ? SOME_FD : -1;
  read_text(&context.plan.argv);
  read_text(&context.plan.env);
  const struct iso_section sections[] = {context.plan.before, context.plan.stage, context.plan.beside, context.plan.child};
  for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) iso_interpret(&context, sections[i]);
  if (context.plan.clone) iso_interpret_one(&context, context.plan.clone);
  iso_interpret_all(&context, context.plan.receipt);
  iso_interpret_all(&context, context.plan.undo);
  if (shared.parent.failed && shared.parent.error == EBADMSG) abort();  // what was checked must decode again
  memset(&shared.parent, 0, sizeof shared.parent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  turn = size >= 8 ? data[size / 2] : 0;
  run(data, size);
  if (size < HEADER_BYTES) return 0;
  // A mutation that changes the length breaks the header; with magic, digest and size put right it reaches the rest. In memory
  // of exactly this size, so that one byte too far is seen.
  uint8_t *copy = malloc(size);
  const uint32_t head[3] = {ISO_MAGIC, ISO_TABLE_DIGEST, (uint32_t)size};
  memcpy(copy, data, size);
  memcpy(copy, head, sizeof head);
  run(copy, size);
  free(copy);
  return 0;
}
