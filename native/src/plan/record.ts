// What an encoded plan is made of, besides its fields.

/** The first word of what is not there, such as ISO_NO_SLOT. @internal */
export const ABSENT = 0xffffffff

/** Set in the length of a text that holds markers. @internal */
export const EXPAND = 0x80000000

/** @internal */
export function misfit(op: string, field: string, value: unknown, wanted: string): TypeError {
  return new TypeError(`Cannot encode ${op}: ${field} is ${inspect(value)}; wanted ${wanted}`)
}

/** A value for a message. @internal */
export function inspect(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value === 'bigint' ? `${value}n` : String(value)
}
