import { AND, decode, type Instruction, JA, JEQ, JGE, JGT, JSET, LD_ABS, RET } from './internal/assembler.js'

/** A system call as a filter sees it: struct seccomp_data. */
export interface Call {
  /** AUDIT_ARCH_…, see `ARCHES`. */
  arch: number
  /** Number; with bit 30 for x32. */
  nr: number
  /** Up to six arguments; missing ones are 0. */
  args: readonly bigint[]
}

/** What a filter answered. */
export interface Simulation {
  /** SECCOMP_RET_… with its data; `describeAction()` makes text of it. */
  action: number
  /** Instructions that ran. */
  executed: number
}

// Not emitted here, but libseccomp and hand-written filters have them.
const LD_IMM = 0x00
const RET_A = 0x16

/**
 * Run a filter on a call without the kernel.
 *
 * @param filter - what `compile()` returned, or any classic BPF that keeps to the instructions seccomp filters are made of.
 * @throws RangeError for an instruction it does not know, a jump or load out of bounds.
 * @example
 * ```ts
 * import { ARCHES, compile, describeAction, simulate } from '@iso/seccomp'
 * const { audit, syscalls } = ARCHES.x86_64
 * const { action } = simulate(compile('default', { arch: 'x86_64' }), { arch: audit, nr: syscalls.reboot as number, args: [] })
 * console.log(describeAction(action)) // errno 1 (EPERM)
 * ```
 */
export function simulate(filter: Uint8Array, call: Call): Simulation {
  return runProgram(decode(filter), call)
}

/** The same for a decoded program. */
export function runProgram(program: readonly Instruction[], call: Call): Simulation {
  let accumulator = 0
  let at = 0
  for (let executed = 1; ; executed++) {
    const instruction = program[at]
    if (!instruction) throw new RangeError(`Cannot run BPF program: it leaves its end at instruction ${at}`)
    const { code, jt, jf, k } = instruction
    at++
    switch (code) {
      case LD_ABS:
        accumulator = word(call, k)
        break
      case LD_IMM:
        accumulator = k
        break
      case AND:
        accumulator = (accumulator & k) >>> 0
        break
      case JA:
        at += k
        break
      case JEQ:
        at += accumulator === k ? jt : jf
        break
      case JGT:
        at += accumulator > k ? jt : jf
        break
      case JGE:
        at += accumulator >= k ? jt : jf
        break
      case JSET:
        at += (accumulator & k) !== 0 ? jt : jf
        break
      case RET:
        return { action: k, executed }
      case RET_A:
        return { action: accumulator, executed }
      default:
        throw new RangeError(`Cannot run BPF program: instruction ${at - 1} has code 0x${code.toString(16)}`)
    }
  }
}

function word({ nr, arch, args }: Call, offset: number): number {
  if (offset === 0) return nr >>> 0
  if (offset === 4) return arch >>> 0
  if (offset === 8 || offset === 12) return 0
  if (offset % 4 !== 0 || offset < 0 || offset >= 64)
    throw new RangeError(`Cannot run BPF program: it loads offset ${offset}`)
  const arg = BigInt.asUintN(64, args[(offset - 16) >> 3] ?? 0n)
  return Number(offset % 8 === 0 ? arg & 0xffffffffn : arg >> 32n)
}
