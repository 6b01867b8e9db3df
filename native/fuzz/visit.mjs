// Makes visit.h from the operation table: a function that reads everything a decoded step points to, and aborts where a promise
// of decode.h is broken.
import { operations } from '../plan/operations.mjs'

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const member = (name) => (['signal', 'class', 'register', 'default'].includes(name) ? `${name}_` : snake(name))

const VISIT = {
  str: (at, { optional }) => `visit_str(${at}, ${Boolean(optional)})`,
  template: (at, { optional }) => `visit_template(c, ${at}, ${Boolean(optional)})`,
  bytes: (at) => `visit_bytes(${at})`,
  strs: (at) => `visit_list(c, &${at})`,
  templates: (at) => `visit_list(c, &${at})`,
  u32s: (at) => `visit_u32s(&${at})`,
  slot: (at, { optional }) => `visit_slot(c, ${at}, ${Boolean(optional)})`,
  bool: (at) => `visit_bool(${at})`,
}
const NUMBER = (at) => `visit_number((uint64_t)${at})`

const PROLOGUE = `// Made by visit.mjs from plan/operations.mjs.
#include <stdlib.h>
#include <string.h>

#include "context.h"

static volatile uint64_t seen;

static void demand(bool kept) {
  if (!kept) abort();
}
static void visit_number(uint64_t value) { seen += value; }
static void visit_bool(bool value) { seen += value; }
static void visit_slot(const struct iso_context *c, uint32_t slot, bool optional) {
  demand(slot == ISO_NO_SLOT ? optional : slot < c->plan.slot_count);
  seen += (uint64_t)iso_slot(c, slot);
}
static void visit_str(const char *text, bool optional) {
  demand(text || optional);
  if (text) seen += strlen(text);
}
static void visit_bytes(struct iso_bytes bytes) {
  for (uint32_t i = 0; i < bytes.length; i++) seen += bytes.data[i];
}
static void visit_template(struct iso_context *c, struct iso_template t, bool optional) {
  char small[24], large[4096];
  demand(t.text || optional);
  if (!t.text) return;
  demand(strlen(t.text) == t.length);
  const char *fits = iso_expand(c, t, small, sizeof small), *text = iso_expand(c, t, large, sizeof large);
  if (fits) demand(text && strcmp(fits, text) == 0);
  if (text) seen += strlen(text);
}
static void visit_list(struct iso_context *c, const struct iso_list *list) {
  for (uint32_t i = 0; i < list->count; i++) visit_template(c, iso_list_item(list, i), false);
}
static void visit_u32s(const struct iso_u32s *list) {
  for (uint32_t i = 0; i < list->count; i++) seen += iso_u32s_item(list, i);
}
`

/** The text of visit.h. */
export function visitor() {
  const cases = Object.entries(operations).map(([name, { fields }]) => {
    const calls = Object.entries(fields).map(([key, field]) => {
      const at = `step->u.${snake(name)}_.${member(key)}`
      return `      ${(VISIT[field.kind] ?? NUMBER)(at, field)};`
    })
    return [`    case ISO_OP_${snake(name).toUpperCase()}:`, ...calls, '      break;'].join('\n')
  })
  return `${PROLOGUE}
static void visit_step(struct iso_context *c, const struct iso_step *step) {
  visit_u32s(&step->head.ignore);
  switch (step->op) {
${cases.join('\n')}
    default:
      abort();
  }
}
`
}
