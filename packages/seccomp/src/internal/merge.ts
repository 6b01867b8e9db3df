import type { Outcome } from './resolve.js'

/** Join neighbouring outcomes that ask one argument for consecutive values and answer the same: 2, 3, 4 become "2 to 4". */
export function mergeRuns(outcomes: readonly Outcome[]): Outcome[] {
  const merged: Outcome[] = []
  for (let i = 0; i < outcomes.length;) {
    let end = i + 1
    while (end < outcomes.length && sameQuestion(outcomes[i] as Outcome, outcomes[end] as Outcome)) end++
    merged.push(...(end - i > 2 ? joined(outcomes.slice(i, end)) : outcomes.slice(i, end)))
    i = end
  }
  return merged
}

function sameQuestion(a: Outcome, b: Outcome): boolean {
  return isEquality(a) && isEquality(b) && a.action === b.action && a.tests[0]?.index === b.tests[0]?.index
}

function isEquality({ tests }: Outcome): boolean {
  return tests.length === 1 && tests[0]?.op === 'SCMP_CMP_EQ'
}

function joined(outcomes: readonly Outcome[]): Outcome[] {
  const action = (outcomes[0] as Outcome).action
  const index = outcomes[0]?.tests[0]?.index as number
  const values = [...new Set(outcomes.map(({ tests }) => tests[0]?.value as bigint))].sort((a, b) => (a < b ? -1 : 1))
  const runs: [bigint, bigint][] = []
  for (const value of values) {
    const run = runs.at(-1)
    // Above 2^32 a value may mean a negative number: see width.ts.
    if (run && run[1] + 1n === value && value < 0x100000000n) run[1] = value
    else runs.push([value, value])
  }
  return runs.map(([from, to]) => ({
    action,
    tests:
      from === to
        ? [{ index, op: 'SCMP_CMP_EQ', value: from, valueTwo: 0n }]
        : [
            { index, op: 'SCMP_CMP_GE', value: from, valueTwo: 0n },
            { index, op: 'SCMP_CMP_LE', value: to, valueTwo: 0n },
          ],
  }))
}
