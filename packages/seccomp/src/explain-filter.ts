import { errnoName } from '@iso/native'

import { type Arch, ARCHES } from './arch.js'
import { AND, decode, type Instruction, JA, JEQ, JGE, JGT, JSET, LD_ABS, RET } from './internal/assembler.js'
import * as ret from './internal/actions.js'

const FIELDS: Readonly<Record<number, string>> = { 0: 'nr', 4: 'arch' }
const JUMPS: Readonly<Record<number, string>> = { [JEQ]: '==', [JGT]: '>', [JGE]: '>=', [JSET]: '&' }

/**
 * Say what a filter's return value does: `allow`, `errno 1 (EPERM)`, `kill process`.
 *
 * @example
 * ```ts
 * import { describeAction } from '@iso/seccomp'
 * console.log(describeAction(0x00050026)) // errno 38 (ENOSYS)
 * ```
 */
export function describeAction(value: number): string {
  const data = value & 0xffff
  switch ((value & 0xffff0000) >>> 0) {
    case ret.RET_KILL_PROCESS:
      return 'kill process'
    case ret.RET_KILL_THREAD:
      return 'kill thread'
    case ret.RET_TRAP:
      return 'trap'
    case ret.RET_ERRNO:
      return data === 0 ? 'errno 0 (success)' : `errno ${data} (${errnoName(data)})`
    case ret.RET_USER_NOTIF:
      return 'notify'
    case ret.RET_TRACE:
      return `trace ${data}`
    case ret.RET_LOG:
      return 'log'
    case ret.RET_ALLOW:
      return 'allow'
    default:
      return `0x${value.toString(16)}`
  }
}

/**
 * Print a filter for people: one instruction a line, with its number, jump targets, and the names of calls and architectures.
 *
 * @example
 * ```ts
 * import { compile, explainFilter } from '@iso/seccomp'
 * console.log(explainFilter(compile('default')))
 * ```
 */
export function explainFilter(filter: Uint8Array): string {
  const program = decode(filter)
  // What the accumulator holds decides how a constant reads; jumps keep it, and the program only goes forward.
  const holds: (string | undefined)[] = []
  const archs: (Arch | undefined)[] = []
  return program
    .map((instruction, at) => {
      const text = line(instruction, at, holds[at], archs[at])
      follow(instruction, at, holds, archs)
      return `${String(at).padStart(4)}  ${text}`
    })
    .join('\n')
}

function line({ code, jt, jf, k }: Instruction, at: number, held: string | undefined, arch: Arch | undefined): string {
  if (code === LD_ABS) return `load ${field(k)}`
  if (code === RET) return `return ${describeAction(k)}`
  if (code === JA) return `go to ${at + 1 + k}`
  if (code === AND) return `and 0x${k.toString(16)}`
  const operator = JUMPS[code]
  if (operator === undefined) return `code 0x${code.toString(16)} jt ${jt} jf ${jf} k 0x${k.toString(16)}`
  return `if ${held ?? 'it'} ${operator} ${constant(k, held, arch)} go to ${at + 1 + jt} else ${at + 1 + jf}`
}

function field(offset: number): string {
  return FIELDS[offset] ?? `args[${(offset - 16) >> 3}].${offset % 8 === 0 ? 'low' : 'high'}`
}

function constant(k: number, held: string | undefined, arch: Arch | undefined): string {
  if (held === 'arch') return archOf(k) ?? `0x${k.toString(16)}`
  if (held !== 'nr') return `0x${k.toString(16)}`
  const tables = arch === 'x86_64' ? [ARCHES.x86_64, ARCHES.x32] : arch === undefined ? [] : [ARCHES[arch]]
  for (const { syscalls } of tables) {
    const name = Object.keys(syscalls).find((key) => syscalls[key] === k)
    if (name !== undefined) return `${k} (${name})`
  }
  return k > 0xffff ? `0x${k.toString(16)}` : String(k)
}

function archOf(audit: number): Arch | undefined {
  return (Object.keys(ARCHES) as Arch[]).find((arch) => ARCHES[arch].audit === audit)
}

function follow(
  { code, jt, jf, k }: Instruction,
  at: number,
  holds: (string | undefined)[],
  archs: (Arch | undefined)[]
): void {
  if (code === RET) return
  const held = code === LD_ABS ? field(k) : code === AND ? undefined : holds[at]
  const targets = code === JA ? [at + 1 + k] : code in JUMPS ? [at + 1 + jt, at + 1 + jf] : [at + 1]
  targets.forEach((target, i) => {
    holds[target] ??= held
    archs[target] ??= code === JEQ && holds[at] === 'arch' && i === 0 ? archOf(k) : archs[at]
  })
}
