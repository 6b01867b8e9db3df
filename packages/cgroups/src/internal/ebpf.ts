// The few eBPF instructions that device programs need. Numbers: linux/bpf_common.h and linux/bpf.h.

/** Opcodes. Arithmetic is 64 bits wide; loads clear the upper half. */
export const Op = {
  load32: 0x61, // BPF_LDX | BPF_W | BPF_MEM
  mov: 0xbf, // BPF_ALU64 | BPF_MOV | BPF_X
  movImmediate: 0xb7, // BPF_ALU64 | BPF_MOV | BPF_K
  andImmediate: 0x57, // BPF_ALU64 | BPF_AND | BPF_K
  shiftRightImmediate: 0x77, // BPF_ALU64 | BPF_RSH | BPF_K
  jump: 0x05, // BPF_JMP | BPF_JA
  jumpNotEqual: 0x55, // BPF_JMP | BPF_JNE | BPF_K
  jumpIfSet: 0x45, // BPF_JMP | BPF_JSET | BPF_K
  exit: 0x95, // BPF_JMP | BPF_EXIT
} as const

/** One instruction; jumps count the instructions that are left out. */
export interface Instruction {
  op: (typeof Op)[keyof typeof Op]
  dst?: number
  src?: number
  offset?: number
  immediate?: number
}

/** Encode instructions as struct bpf_insn, in the byte order of every machine Node runs on here. */
export function assemble(program: readonly Instruction[]): Uint8Array {
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach(({ op, dst = 0, src = 0, offset = 0, immediate = 0 }, index) => {
    bytes.writeUInt8(op, index * 8)
    bytes.writeUInt8((src << 4) | dst, index * 8 + 1)
    bytes.writeInt16LE(offset, index * 8 + 2)
    bytes.writeInt32LE(immediate, index * 8 + 4)
  })
  return bytes
}
