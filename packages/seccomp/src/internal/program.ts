import { type Arch, ARCHES } from '../arch.js'
import { ENOSYS, isPermissive, RET_ERRNO } from './actions.js'
import { Assembler, type Instruction, JEQ, type Label, MAX_INSTRUCTIONS } from './assembler.js'
import type { ArchRules, Outcome, Resolved } from './resolve.js'
import { emitOutcomes } from './tests.js'
import { emitTree, NR, ranges } from './tree.js'

const AUDIT_ARCH = 4
const X32_BIT = ARCHES.x32.numberBase
// -1 is what a tracer writes to skip a call. It has bit 30 and is no x32 call.
const SKIP = 0xffffffff
/** What calls newer than a profile answer. */
export const NEWER = (RET_ERRNO | ENOSYS) >>> 0
// Doors for x32 that kernels before 5.4 left open to 64-bit calls without the x32 bit (520 is execve there, 521 ptrace).
export const STRAY = { from: 512, to: 547 }

type Leaf = number | string
interface Span {
  from: number
  to: number
  leaf: Leaf
}

/** Write the program of a resolved profile. */
export function writeProgram({ defaultAction, arches }: Resolved, badArch: number, newer: boolean): Instruction[] {
  const asm = new Assembler()
  const enosys = newer && !isPermissive(defaultAction) ? NEWER : undefined
  const byAudit = group(arches)
  let entry = asm.ret(badArch)
  // The native architecture is compared first, so its section is written last.
  for (const [audit, sections] of [...byAudit].reverse()) {
    entry = asm.jump(JEQ, audit, section(asm, sections, defaultAction, badArch, enosys), entry, AUDIT_ARCH)
  }
  const program = asm.finish(asm.load(AUDIT_ARCH, entry))
  if (program.length > MAX_INSTRUCTIONS) {
    throw new RangeError(
      `Cannot compile seccomp profile: it takes ${program.length} instructions; the kernel accepts ${MAX_INSTRUCTIONS}`
    )
  }
  return program
}

function group(arches: readonly ArchRules[]): Map<number, ArchRules[]> {
  const groups = new Map<number, ArchRules[]>()
  for (const rules of arches) groups.set(rules.info.audit, [...(groups.get(rules.info.audit) ?? []), rules])
  return groups
}

// One value of seccomp_data.arch: one architecture, or x86_64 and x32 told apart by bit 30 of the number.
function section(
  asm: Assembler,
  sections: ArchRules[],
  base: number,
  badArch: number,
  newer: number | undefined
): Label {
  const blocks = new Map<Leaf, { outcomes: readonly Outcome[]; bits: 32 | 64 }>()
  const spans: Span[] = []
  const has = (arch: Arch): boolean => sections.some((rules) => rules.arch === arch)
  if (has('x86_64') || has('x32')) {
    if (!has('x86_64')) spans.push({ from: 0, to: X32_BIT - 1, leaf: badArch }, { from: SKIP, to: SKIP, leaf: badArch })
    if (!has('x32')) spans.push({ from: X32_BIT, to: SKIP - 1, leaf: badArch })
  }
  for (const rules of sections) {
    spans.push(...newerSpans(rules, newer))
    pushRuns(spans, rules, blocks)
  }
  if (has('x86_64')) spans.push({ ...STRAY, leaf: NEWER })
  const labels = new Map<Leaf, Label>()
  const tree = emitTree(asm, ranges<Leaf>(base, spans), (leaf) => {
    if (typeof leaf === 'number') return asm.ret(leaf)
    const known = labels.get(leaf)
    if (known !== undefined) return known
    const { outcomes, bits } = blocks.get(leaf) as { outcomes: readonly Outcome[]; bits: 32 | 64 }
    const label = emitOutcomes(asm, outcomes, bits, asm.ret(base))
    labels.set(leaf, label)
    return label
  })
  return asm.load(NR, tree)
}

// Numbers above the highest one the profile names. Whoever wrote it could not know them; ENOSYS lets a C library fall back,
// where EPERM would look like a failure of the call.
function newerSpans({ arch, info, highest, highestPrivate }: ArchRules, newer: number | undefined): Span[] {
  if (newer === undefined || highest < 0) return []
  const end =
    info.privateBase !== undefined
      ? info.privateBase - 1
      : arch === 'x86_64'
        ? X32_BIT - 1
        : arch === 'x32'
          ? SKIP - 1
          : 0xffffffff
  const spans: Span[] = [{ from: highest + 1, to: end, leaf: newer }]
  if (info.privateBase !== undefined)
    spans.push({ from: Math.max(highestPrivate, info.privateBase - 1) + 1, to: 0xffffffff, leaf: newer })
  if (arch === 'x86_64') spans.push({ from: SKIP, to: SKIP, leaf: newer })
  return spans
}

// Neighbouring numbers with one outcome are one span: a fifth of the work for what follows.
function pushRuns(
  spans: Span[],
  { calls, info }: ArchRules,
  blocks: Map<Leaf, { outcomes: readonly Outcome[]; bits: 32 | 64 }>
): void {
  let run: Span | undefined
  for (const nr of Uint32Array.from(calls.keys()).sort()) {
    const leaf = leafOf(calls.get(nr) as readonly Outcome[], info.argumentBits, blocks)
    if (run !== undefined && run.to + 1 === nr && run.leaf === leaf) run.to = nr
    else spans.push((run = { from: nr, to: nr, leaf }))
  }
}

// A call without tests is its action; one with tests a block, shared by calls with the same ones.
function leafOf(
  outcomes: readonly Outcome[],
  bits: 32 | 64,
  blocks: Map<Leaf, { outcomes: readonly Outcome[]; bits: 32 | 64 }>
): Leaf {
  const first = outcomes[0] as Outcome
  if (first.tests.length === 0) return first.action
  const key = JSON.stringify([
    bits,
    outcomes.map(({ action, tests }) => [action, tests.map((t) => [t.index, t.op, `${t.value}/${t.valueTwo}`])]),
  ])
  if (!blocks.has(key)) blocks.set(key, { outcomes, bits })
  return key
}
