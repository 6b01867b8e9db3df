// The vocabulary the operation table is written in: what kinds of fields an operation may have and how each crosses to C.
// Every kind is a whole number of 32-bit words in the encoded record, so no field ever needs padding or alignment.

/** @typedef {{ kind: string, words: number, doc: string, optional?: boolean, names?: Record<string, number>, makes?: boolean }} Field */

const field = (kind, words) => (doc, extra = {}) => ({ kind, words, doc, ...extra })

/** An unsigned 32-bit number. */
export const u32 = field('u32', 1)
/** A user or group ID; absent it is ISO_ABSENT. */
export const id = field('id', 1)
/** A signed 64-bit number; a JavaScript number or bigint. */
export const i64 = field('i64', 2)
/** An unsigned 64-bit number; a JavaScript number or bigint. */
export const u64 = field('u64', 2)
/** True or false. */
export const bool = field('bool', 1)
/** A string without NUL bytes. */
export const str = field('str', 2)
/**
 * A string in which `{slot:NAME}` stands for /proc/self/fd/N of that slot, and a leading `/proc/{pid}/` for the
 * container process. Neither is special where NAME is no slot of the plan.
 */
export const template = field('template', 2)
/** A list of templates. */
export const templates = field('templates', 2)
/** Raw bytes. */
export const bytes = field('bytes', 2)
/** A list of strings without NUL bytes. */
export const strs = field('strs', 2)
/** A list of unsigned 32-bit numbers. */
export const u32s = field('u32s', 2)
/** The name of a slot that an earlier step, or the caller, filled with a file descriptor. */
export const slot = field('slot', 1)
/** The name of a slot that this step fills. */
export const newSlot = (doc, extra = {}) => ({ kind: 'slot', words: 1, doc, makes: true, ...extra })
/** One name out of a table. */
export const oneOf = (names, doc, extra = {}) => ({ kind: 'enum', words: 1, doc, names, ...extra })
/** Any number of names out of a table, or-ed together. */
export const flags = (names, doc, extra = {}) => ({ kind: 'flags', words: 2, doc, names, ...extra })

/** Marks a field as optional: absent in TypeScript, and its sentinel (NULL, zero or ISO_NO_SLOT) in C. */
export const maybe = (f) => ({ ...f, optional: true })
