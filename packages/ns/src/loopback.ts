import type { Step } from '@iso/native'

/**
 * Bring the loopback interface of the program's network namespace up: a new namespace has it down, and 127.0.0.1 unreachable.
 *
 * Equivalent to: `ip link set lo up`.
 *
 * @remarks CAP_NET_ADMIN over the namespace.
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { loopbackUp, namespaces } from '@iso/ns'
 * const steps = [...namespaces('net'), ...loopbackUp()]
 * await using child = await launch(['sh', '-c', 'cat /sys/class/net/lo/flags'], steps)
 * console.log((await child.exit).exitCode) // 0
 * ```
 * @see https://man7.org/linux/man-pages/man7/netdevice.7.html
 */
export function loopbackUp(): Step[] {
  return [{ origin: '@iso/ns', op: 'interfaceUp', name: 'lo', why: '127.0.0.1 can be reached' }]
}
