import { knownKeys, wholeNumber } from '../internal/check.js'

/** One rule of device access. Rules apply in their order: for each kind of access the last rule that matches decides. */
export interface DeviceRule {
  allow: boolean
  /** Character or block devices; `a`: all devices, whatever the numbers say. */
  type: 'c' | 'b' | 'a'
  /** Absent: any. */
  major?: number
  /** Absent: any. */
  minor?: number
  /** Any of `r` read, `w` write, `m` make the node. */
  access: string
}

const rule = (text: string): DeviceRule => parseDeviceRule(text)

/** Docker's default rules: no device but null, zero, full, random, urandom, tty, console, ptmx, the pseudo-terminals, and making any node. */
export const DOCKER_DEVICES: readonly DeviceRule[] = [
  { allow: false, type: 'a', access: 'rwm' },
  rule('c *:* m'),
  rule('b *:* m'),
  rule('c 1:3 rwm'),
  rule('c 1:5 rwm'),
  rule('c 1:7 rwm'),
  rule('c 1:8 rwm'),
  rule('c 1:9 rwm'),
  rule('c 5:0 rwm'),
  rule('c 5:1 rwm'),
  rule('c 5:2 rwm'),
  rule('c 136:* rwm'),
]

/**
 * Parse a rule in Docker's form (`--device-cgroup-rule`) and the kernel's: `'c 1:3 rwm'`, `'b *:* m'`, `'a'`.
 *
 * @param allow What the rule says; the text has no word for it.
 * @throws RangeError with the text.
 */
export function parseDeviceRule(text: string, allow = true): DeviceRule {
  if (text === 'a') return { allow, type: 'a', access: 'rwm' }
  const [, type, major, minor, access] = /^([abc]) (\d+|\*):(\d+|\*) ([rwm]{1,3})$/.exec(text) ?? []
  if (type === undefined || major === undefined || minor === undefined || access === undefined) {
    throw new RangeError(`Cannot parse device rule: "${text}" is no rule; wanted one such as "c 1:3 rwm"`)
  }
  return {
    allow,
    type: type as DeviceRule['type'],
    access,
    ...(major !== '*' && { major: Number(major) }),
    ...(minor !== '*' && { minor: Number(minor) }),
  }
}

/** Check device rules. @throws TypeError or RangeError with the value. */
export function validateDevices(rules: readonly DeviceRule[]): readonly DeviceRule[] {
  for (const one of rules) {
    knownKeys('device rule', one, ['allow', 'type', 'major', 'minor', 'access'])
    if (typeof one.allow !== 'boolean')
      throw new TypeError(`Cannot set device rule: allow is ${String(one.allow)}; wanted true or false`)
    if (!['a', 'b', 'c'].includes(one.type))
      throw new RangeError(`Cannot set device rule: type "${one.type}" is unknown; wanted c, b or a`)
    if (!/^[rwm]{1,3}$/.test(one.access))
      throw new RangeError(`Cannot set device rule: access "${one.access}" is unknown; wanted some of r, w, m`)
    // 12 and 20 bits: what a dev_t of the kernel holds.
    if (one.major !== undefined) wholeNumber('device major number', one.major, 0, 0xfff)
    if (one.minor !== undefined) wholeNumber('device minor number', one.minor, 0, 0xf_ffff)
    if (
      one.type === 'a' &&
      (one.major !== undefined || one.minor !== undefined || [...'rwm'].some((bit) => !one.access.includes(bit)))
    ) {
      throw new RangeError(
        'Cannot set device rule: type "a" takes no numbers and all access; the kernel ignores anything else there'
      )
    }
  }
  return rules
}
