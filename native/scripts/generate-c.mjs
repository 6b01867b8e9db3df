// The C half of the operation table: one struct an operation, and the decoder that fills it from untrusted bytes.
import { createHash } from 'node:crypto'

const HEAD = '// Generated from plan/operations.mjs by scripts/generate.mjs. Do not edit.\n'

const snake = (name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)
const C_KEYWORDS = new Set(['signal', 'class', 'register', 'default'])
const member = (name) => (C_KEYWORDS.has(name) ? `${name}_` : snake(name))

const C_TYPES = {
  u32: 'uint32_t',
  id: 'uint32_t',
  i64: 'int64_t',
  u64: 'uint64_t',
  bool: 'bool',
  enum: 'uint32_t',
  flags: 'uint64_t',
  slot: 'uint32_t',
  str: 'const char *',
  template: 'struct iso_template ',
  bytes: 'struct iso_bytes ',
  strs: 'struct iso_list ',
  templates: 'struct iso_list ',
  u32s: 'struct iso_u32s ',
}
const declare = (name, f) =>
  `  ${C_TYPES[f.kind]}${C_TYPES[f.kind].endsWith(' ') || C_TYPES[f.kind].endsWith('*') ? '' : ' '}${member(name)};`

/** A number that changes with the table: both sides carry it, so an addon and an iso-init of different builds refuse each other. */
export const digest = (operations) => createHash('sha256').update(JSON.stringify(operations)).digest().readUInt32LE(0)

export function cHeader(operations) {
  const names = Object.keys(operations)
  const structs = names.filter((n) => Object.keys(operations[n].fields).length > 0)
  return `${HEAD}#ifndef ISO_OPERATIONS_GEN_H
#define ISO_OPERATIONS_GEN_H

#include "decode.h"

#define ISO_TABLE_DIGEST 0x${digest(operations).toString(16).padStart(8, '0')}u

enum iso_op {
${names.map((n, i) => `  ISO_OP_${snake(n).toUpperCase()} = ${i + 1},`).join('\n')}
  ISO_OP_COUNT = ${names.length + 1},
};

${structs
  .map(
    (n) =>
      `struct iso_${snake(n)} {\n${Object.entries(operations[n].fields)
        .map(([key, f]) => declare(key, f))
        .join('\n')}\n};`
  )
  .join('\n\n')}

struct iso_step {
  enum iso_op op;
  struct iso_step_head head;
  union {
${structs.map((n) => `    struct iso_${snake(n)} ${snake(n)}_;`).join('\n')}
  } u;
};

// Decodes the step at \`offset\`. Returns the offset of the next one, or 0 where the bytes are not a step.
uint32_t iso_decode_step(const struct iso_plan *plan, uint32_t offset, struct iso_step *step);

// The name of an operation, and the one function of each: called by the interpreter, returns 0 or a negative errno.
struct iso_context;
${names.map((n) => `int iso_do_${snake(n)}(struct iso_context *c, const ${structs.includes(n) ? `struct iso_${snake(n)} *a` : 'void *a'});`).join('\n')}
int iso_dispatch(struct iso_context *c, const struct iso_step *step);

#endif
`
}

function decodeField(op, key, f) {
  const target = `&u->${member(key)}`
  const optional = f.optional ? 'true' : 'false'
  switch (f.kind) {
    case 'str':
      return `iso_read_str(r, ${optional}, ${target})`
    case 'template':
      return `iso_read_template(r, ${optional}, ${target})`
    case 'bytes':
      return `iso_read_bytes(r, ${optional}, ${target})`
    case 'strs':
      return `iso_read_list(r, false, ${target})`
    case 'templates':
      return `iso_read_list(r, true, ${target})`
    case 'u32s':
      return `iso_read_u32s(r, ${target})`
    case 'slot':
      return `iso_read_slot(r, ${optional}, ${target})`
    case 'bool':
      return `iso_read_bool(r, ${target})`
    case 'u32':
    case 'id':
    case 'enum':
      return `iso_read_u32(r, ${target})`
    case 'i64':
      return `iso_read_i64(r, ${target})`
    case 'u64':
    case 'flags':
      return `iso_read_u64(r, ${target})`
  }
  throw new Error(`Unknown field kind ${f.kind} of ${op}.${key}`)
}

export function cSource(operations) {
  const names = Object.keys(operations)
  const cases = names.map((n) => {
    const fields = Object.entries(operations[n].fields)
    if (fields.length === 0) return `    case ISO_OP_${snake(n).toUpperCase()}:\n      return true;`
    const checks = fields.map(([key, f]) => decodeField(n, key, f)).join(' &&\n             ')
    return `    case ISO_OP_${snake(n).toUpperCase()}: {
      struct iso_${snake(n)} *u = &step->u.${snake(n)}_;
      return ${checks};
    }`
  })
  const calls = names.map(
    (n) =>
      `    case ISO_OP_${snake(n).toUpperCase()}:\n      return iso_do_${snake(n)}(c, ${Object.keys(operations[n].fields).length ? `&step->u.${snake(n)}_` : 'NULL'});`
  )
  return `${HEAD}#include "operations.gen.h"

#include <errno.h>
#include <stddef.h>

static bool decode_fields(struct iso_reader *r, struct iso_step *step) {
  switch (step->op) {
${cases.join('\n')}
    default:
      return false;
  }
}

uint32_t iso_decode_step(const struct iso_plan *plan, uint32_t offset, struct iso_step *step) {
  struct iso_reader reader;
  uint32_t op;
  if (!iso_read_head(plan, offset, &reader, &op, &step->head)) return 0;
  if (op == 0 || op >= ISO_OP_COUNT) return 0;
  step->op = (enum iso_op)op;
  if (!decode_fields(&reader, step)) return 0;
  return iso_read_end(&reader);
}

#ifndef ISO_DECODE_ONLY
int iso_dispatch(struct iso_context *c, const struct iso_step *step) {
  switch (step->op) {
${calls.join('\n')}
    default:
      return -ENOSYS;
  }
}
#endif
`
}
