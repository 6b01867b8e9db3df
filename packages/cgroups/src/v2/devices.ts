import type { DeviceRule } from '../options/devices.js'
import { assemble, type Instruction, Op } from '../internal/ebpf.js'

// Bits of bpf_cgroup_dev_ctx.access_type: the type in the lower half, the access in the upper (linux/bpf.h).
const TYPE = { b: 1, c: 2 } as const
const ACCESS: Readonly<Record<string, number>> = { m: 1, r: 2, w: 4 }
const ALL = 7

const { r0, r1, access, type, major, minor } = { r0: 0, r1: 1, access: 2, type: 3, major: 4, minor: 5 }

/**
 * Compile device rules into an eBPF program of type CGROUP_DEVICE, v2's only form of them.
 *
 * Order-preserving: for each kind of access the last rule that matches decides, and a request is granted when all it asks for is. The
 * program walks the rules from the last to the first, crossing out what has been granted. What no rule mentions is granted, as in a new
 * v1 group; lists begin with `{ allow: false, type: 'a' }` for a reason.
 *
 * @returns The instructions, 8 bytes each.
 * @see man bpf(2); Documentation/admin-guide/cgroup-v2.rst "Device controller"
 */
export function compileDevices(rules: readonly DeviceRule[]): Uint8Array {
  const program: Instruction[] = [
    { op: Op.load32, dst: access, src: r1, offset: 0 },
    { op: Op.mov, dst: type, src: access },
    { op: Op.andImmediate, dst: type, immediate: 0xffff },
    { op: Op.shiftRightImmediate, dst: access, immediate: 16 },
    { op: Op.load32, dst: major, src: r1, offset: 4 },
    { op: Op.load32, dst: minor, src: r1, offset: 8 },
  ]
  for (const rule of [...rules].reverse()) {
    const block = compileRule(rule)
    program.push(...block)
    // The verifier refuses code that cannot be reached: nothing may follow a rule that always decides.
    if (rule.type === 'a') return assemble(program)
  }
  return assemble([...program, ...answer(true)])
}

function compileRule(rule: DeviceRule): Instruction[] {
  if (rule.type === 'a') return answer(rule.allow)
  const mask = [...rule.access].reduce((bits, letter) => bits | ACCESS[letter]!, 0)
  const body: Instruction[] = rule.allow
    ? [
        { op: Op.andImmediate, dst: access, immediate: ALL & ~mask },
        { op: Op.jumpNotEqual, dst: access, immediate: 0, offset: 2 },
        ...answer(true),
      ]
    : [{ op: Op.jumpIfSet, dst: access, immediate: mask, offset: 1 }, { op: Op.jump, offset: 2 }, ...answer(false)]
  const tests: [number, number | undefined][] = [
    [type, TYPE[rule.type]],
    [major, rule.major],
    [minor, rule.minor],
  ]
  const wanted = tests.filter((test): test is [number, number] => test[1] !== undefined)
  const checks = wanted.map(([dst, immediate], index): Instruction => ({
    op: Op.jumpNotEqual,
    dst,
    immediate,
    offset: wanted.length - 1 - index + body.length,
  }))
  return [...checks, ...body]
}

function answer(allow: boolean): Instruction[] {
  return [{ op: Op.movImmediate, dst: r0, immediate: allow ? 1 : 0 }, { op: Op.exit }]
}
