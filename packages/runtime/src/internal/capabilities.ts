// Capability names and Docker's default set.

import { readFileSync } from 'node:fs'
import { nearest, show } from './check.js'

const NAMES = [
  'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'LINUX_IMMUTABLE', 'NET_BIND_SERVICE',
  'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER', 'SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN',
  'SYS_BOOT', 'SYS_NICE', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP', 'MAC_OVERRIDE',
  'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ', 'PERFMON', 'BPF', 'CHECKPOINT_RESTORE',
].map((name) => `CAP_${name}`)

export const CAPABILITY_NUMBERS: Readonly<Record<string, number>> = Object.fromEntries(NAMES.map((name, number) => [name, number]))

const DOCKER_DEFAULT = [
  'CHOWN', 'DAC_OVERRIDE', 'FSETID', 'FOWNER', 'MKNOD', 'NET_RAW', 'SETGID', 'SETUID', 'SETFCAP', 'SETPCAP', 'NET_BIND_SERVICE', 'SYS_CHROOT', 'KILL', 'AUDIT_WRITE',
].map((name) => `CAP_${name}`)

let bounding: bigint | undefined

/** Docker's rules: the default set, minus `drop`, plus `add`; `ALL` in either; what the caller itself lacks cannot be given. */
export function resolveCapabilities({ add, drop, privileged }: { add: readonly string[]; drop: readonly string[]; privileged: boolean }): string[] {
  const [added, dropped] = [add.map(capabilityName), drop.map(capabilityName)]
  bounding ??= BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`)
  const possible = NAMES.filter((_, number) => ((bounding as bigint) >> BigInt(number)) & 1n)
  const base = privileged || added.includes('ALL') ? possible : dropped.includes('ALL') ? [] : DOCKER_DEFAULT.filter((name) => possible.includes(name))
  const kept = base.filter((name) => !dropped.includes(name) && (!dropped.includes('ALL') || added.includes('ALL')))
  return [...new Set([...kept, ...added.filter((name) => name !== 'ALL')])].sort((a, b) => (CAPABILITY_NUMBERS[a] ?? 0) - (CAPABILITY_NUMBERS[b] ?? 0))
}

function capabilityName(given: string): string {
  const upper = String(given).toUpperCase()
  if (upper === 'ALL') return upper
  const name = upper.startsWith('CAP_') ? upper : `CAP_${upper}`
  if (CAPABILITY_NUMBERS[name] !== undefined) return name
  const near = nearest(name, NAMES)
  throw new TypeError(`Cannot use capability ${show(given)}: it is unknown${near === undefined ? '' : `; did you mean ${near}?`}`)
}
