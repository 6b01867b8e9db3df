// What the fields of config.json are made of (runtime-spec, "config.md" and "config-linux.md"). Numbers that a double cannot hold come
// as text behind a mark: see src/oci/config/big-numbers.ts.

export const string = { type: 'string' }
export const boolean = { type: 'boolean' }
export const integer = (minimum, maximum) => ({ type: 'integer', minimum, maximum })
export const int32 = integer(-(2 ** 31), 2 ** 31 - 1)
export const uint32 = integer(0, 2 ** 32 - 1)
export const uint16 = integer(0, 2 ** 16 - 1)
const big = { type: 'string', pattern: '^\u0000-?[0-9]{16,20}$' }
export const int64 = { $ref: '#/int64' }
export const uint64 = { $ref: '#/uint64' }
export const pattern = (pattern) => ({ type: 'string', pattern })
export const list = (items, more = {}) => ({ type: 'array', items, ...more })
export const strings = { $ref: '#/strings' }
export const map = (values) => ({ type: 'object', additionalProperties: values })
export const oneOf = (...values) => ({ type: 'string', enum: values })
/** An object; fields it does not name are let through, as the specification wants. */
export const object = (properties, ...required) => ({
  type: 'object',
  properties,
  ...(required.length && { required }),
})

export const idMappings = { $ref: '#/idMappings' }

/** What the references mean. */
export const definitions = {
  int64: { anyOf: [{ type: 'integer' }, big] },
  uint64: { anyOf: [{ type: 'integer', minimum: 0 }, big] },
  strings: list(string),
  idMappings: list(object({ containerID: uint32, hostID: uint32, size: uint32 }, 'containerID', 'hostID', 'size')),
}
