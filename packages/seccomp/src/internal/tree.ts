// System call numbers to outcomes: a binary search over ranges instead of a chain of comparisons.
import { type Assembler, JEQ, JGE, type Label } from './assembler.js'

/** What happens from a number up to the next range's. Equal keys mean the same outcome. */
export interface Range<T> {
  from: number
  leaf: T
}

/** Offset of `nr` in struct seccomp_data. */
export const NR = 0

/** Cover 0 to 2^32-1 with ranges: `base`, overlaid in order by `spans`; neighbours with the same leaf become one. */
export function ranges<T>(base: T, spans: readonly { from: number; to: number; leaf: T }[]): Range<T>[] {
  const edges = new Set([0])
  for (const { from, to } of spans) edges.add(from).add(to + 1)
  const starts = [...edges].filter((start) => start <= 0xffffffff).sort((a, b) => a - b)
  const leaves = starts.map(() => base)
  const at = new Map(starts.map((start, i) => [start, i]))
  for (const { from, to, leaf } of spans) {
    const end = at.get(to + 1) ?? starts.length
    for (let i = at.get(from) as number; i < end; i++) leaves[i] = leaf
  }
  return starts
    .map((from, i) => ({ from, leaf: leaves[i] as T }))
    .filter(({ leaf }, i) => i === 0 || leaf !== leaves[i - 1])
}

/** Write the search; the accumulator holds the number. `leafLabel` writes an outcome and is asked once for each leaf. */
export function emitTree<T>(asm: Assembler, all: readonly Range<T>[], leafLabel: (leaf: T) => Label): Label {
  return search(0, all.length)

  function search(first: number, end: number): Label {
    const range = all[first] as Range<T>
    if (end - first === 1) return leafLabel(range.leaf)
    const middle = all[first + 1] as Range<T>
    const last = all[first + 2]
    // One number apart from what surrounds it: a single comparison for equality.
    if (end - first === 3 && last && last.leaf === range.leaf && last.from === middle.from + 1) {
      const inner = leafLabel(middle.leaf)
      return asm.jump(JEQ, middle.from, inner, leafLabel(range.leaf), NR)
    }
    const split = first + ((end - first) >> 1)
    const above = search(split, end)
    return asm.jump(JGE, (all[split] as Range<T>).from, above, search(first, split), NR)
  }
}
