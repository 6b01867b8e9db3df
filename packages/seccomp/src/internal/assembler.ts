// Writes a classic BPF program from its end to its start: jumps only go forward, so every target is already there and its
// distance known. Conditional jumps reach 255 instructions; a target further away gets a stub next to the jump.

export const LD_ABS = 0x20
export const RET = 0x06
export const JA = 0x05
export const JEQ = 0x15
export const JGT = 0x25
export const JGE = 0x35
export const JSET = 0x45
export const AND = 0x54

/** One instruction, as struct sock_filter has it. */
export interface Instruction {
  code: number
  jt: number
  jf: number
  k: number
}

/** A place in the program: how many instructions there are from it to the end. */
export type Label = number

const REACH = 255
/** BPF_MAXINSNS. */
export const MAX_INSTRUCTIONS = 4096

export class Assembler {
  readonly #reversed: Instruction[] = []
  readonly #returns = new Map<number, Label>()

  /** `ret value`; the latest one is used again. */
  ret(value: number): Label {
    const known = this.#returns.get(value)
    return known ?? this.#newReturn(value)
  }

  /** Load a word of seccomp_data, then go on at `next`. */
  load(offset: number, next: Label): Label {
    return this.#then({ code: LD_ABS, jt: 0, jf: 0, k: offset }, next)
  }

  /** And the accumulator with a mask, then go on at `next`. */
  and(mask: number, next: Label): Label {
    return this.#then({ code: AND, jt: 0, jf: 0, k: mask }, next)
  }

  /**
   * Compare the accumulator with `k` and jump.
   *
   * @param holding - offset of the word that the accumulator holds unchanged; targets that begin by loading it are entered behind the load.
   */
  jump(code: number, k: number, yes: Label, no: Label, holding?: number): Label {
    let t = this.#behindLoad(yes, holding)
    let f = this.#behindLoad(no, holding)
    if (t === f) return t
    // A stub for one target moves the other one instruction away.
    if (this.#length + 1 - t > REACH) t = this.#near(t)
    if (this.#length - f > REACH) f = this.#near(f)
    return this.#push({ code, jt: this.#length - t, jf: this.#length - f, k })
  }

  /** The program, first instruction first. */
  finish(entry: Label): Instruction[] {
    if (entry !== this.#length) this.#near(entry)
    return withoutDead(this.#reversed.toReversed())
  }

  get #length(): number {
    return this.#reversed.length
  }

  #push(instruction: Instruction): Label {
    return this.#reversed.push(instruction)
  }

  #newReturn(value: number): Label {
    const label = this.#push({ code: RET, jt: 0, jf: 0, k: value })
    this.#returns.set(value, label)
    return label
  }

  #then(instruction: Instruction, next: Label): Label {
    if (next !== this.#length) this.#near(next)
    return this.#push(instruction)
  }

  // The same place, right here: a return is repeated, anything else jumped to.
  #near(label: Label): Label {
    const target = this.#reversed[label - 1] as Instruction
    if (target.code === RET) return this.#newReturn(target.k)
    return this.#push({ code: JA, jt: 0, jf: 0, k: this.#length - label })
  }

  #behindLoad(label: Label, holding: number | undefined): Label {
    const target = this.#reversed[label - 1]
    return target !== undefined && target.code === LD_ABS && target.k === holding ? label - 1 : label
  }
}

// Loads whose every predecessor went behind them, and stubs nobody uses. Taking instructions out only shortens jumps.
function withoutDead(program: readonly Instruction[]): Instruction[] {
  const alive = new Uint8Array(program.length + 1)
  alive[0] = 1
  const position: number[] = []
  let count = 0
  program.forEach((instruction, at) => {
    position.push(count)
    if (!alive[at]) return
    count++
    for (const target of targets(instruction, at)) alive[target] = 1
  })
  const distance = (from: number, to: number): number => (position[to] as number) - (position[from] as number) - 1
  return program.flatMap((instruction, at) => {
    if (!alive[at]) return []
    const { code, jt, jf, k } = instruction
    if (code === JA) return [{ code, jt, jf, k: distance(at, at + 1 + k) }]
    if (!isConditional(code)) return [instruction]
    return [{ code, jt: distance(at, at + 1 + jt), jf: distance(at, at + 1 + jf), k }]
  })
}

function targets({ code, jt, jf, k }: Instruction, at: number): number[] {
  if (code === RET) return []
  if (code === JA) return [at + 1 + k]
  return isConditional(code) ? [at + 1 + jt, at + 1 + jf] : [at + 1]
}

function isConditional(code: number): boolean {
  return code === JEQ || code === JGT || code === JGE || code === JSET
}

/** The bytes seccomp(2) takes: struct sock_filter, 8 bytes each, little-endian as all five architectures are. */
export function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8)
  const view = new DataView(bytes.buffer)
  program.forEach(({ code, jt, jf, k }, i) => {
    view.setUint16(i * 8, code, true)
    view.setUint8(i * 8 + 2, jt)
    view.setUint8(i * 8 + 3, jf)
    view.setUint32(i * 8 + 4, k, true)
  })
  return bytes
}

/** The instructions in the bytes of a filter. */
export function decode(filter: Uint8Array): Instruction[] {
  if (filter.length === 0 || filter.length % 8 !== 0) {
    throw new RangeError(`Cannot read BPF program: it is ${filter.length} bytes long; wanted a multiple of 8`)
  }
  const view = new DataView(filter.buffer, filter.byteOffset, filter.byteLength)
  return Array.from({ length: filter.length / 8 }, (_, i) => ({
    code: view.getUint16(i * 8, true),
    jt: view.getUint8(i * 8 + 2),
    jf: view.getUint8(i * 8 + 3),
    k: view.getUint32(i * 8 + 4, true),
  }))
}
