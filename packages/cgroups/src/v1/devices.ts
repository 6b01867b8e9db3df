import type { DeviceRule } from '../options/devices.js'
import { unsupported, type Write } from '../write.js'

/**
 * Writes for devices.allow and devices.deny, in the order of the rules.
 *
 * The kernel keeps a default and a list of exceptions to it. A rule that takes back a part of an exception with a wildcard (`c 1:3` after
 * `c *:*`) is silently without effect there, and is therefore refused here; on v2 it works.
 */
export function limits(rules: readonly DeviceRule[]): Write[] {
  let denied: boolean | undefined
  let exceptions: DeviceRule[] = []
  return rules.map((rule) => {
    if (rule.type === 'a') {
      denied = !rule.allow
      exceptions = []
    } else if (denied === undefined || rule.allow === denied) {
      exceptions.push(rule)
    } else {
      const lost = exceptions.find(
        (exception) => overlap(exception, rule) && !(exception.major === rule.major && exception.minor === rule.minor)
      )
      if (lost !== undefined)
        throw unsupported(
          `device rule "${format(rule)}" after the wider "${format(lost)}"`,
          1,
          'list the devices one by one, or use cgroup v2'
        )
    }
    return { file: rule.allow ? 'devices.allow' : 'devices.deny', value: format(rule) }
  })
}

/** A rule as the kernel writes it: `c 1:3 rwm`. */
export function format(rule: DeviceRule): string {
  return rule.type === 'a' ? 'a' : `${rule.type} ${rule.major ?? '*'}:${rule.minor ?? '*'} ${rule.access}`
}

function overlap(a: DeviceRule, b: DeviceRule): boolean {
  const same = (x: number | undefined, y: number | undefined) => x === undefined || y === undefined || x === y
  return (
    a.type === b.type &&
    same(a.major, b.major) &&
    same(a.minor, b.minor) &&
    [...a.access].some((bit) => b.access.includes(bit))
  )
}
