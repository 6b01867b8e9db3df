// Where the time goes: each step of one container, from the times that iso-init notes with `trace`. Medians.
import { explainSteps, launch } from '../../native/dist/index.js'
import { QUIET } from '../lib/launching.mjs'
import { median } from '../lib/stats.mjs'

export const what = 'where the time of a start goes, step by step'

export async function run({ runs, make }) {
  const rows = explainSteps(make())
  const spans = new Map()
  const note = (name, us) => spans.set(name, [...(spans.get(name) ?? []), us])
  for (let i = -3; i < runs; i++) {
    const begin = performance.now()
    const steps = make()
    const made = performance.now()
    const asked = launch(['/bin/true'], steps, { ...QUIET, trace: true })
    const sent = performance.now()
    const child = await asked
    const started = performance.now()
    const { phases } = await child.exit
    const exit = performance.now()
    await child.close()
    if (i < 0) continue
    note('steps', (made - begin) * 1000)
    note('call', (sent - made) * 1000)
    note('started', (started - begin) * 1000)
    note('exit', (exit - begin) * 1000)
    for (const [name, us] of Object.entries(phases)) note(name, us)
    for (const [index, us] of durations(child.trace, rows)) note(index, us)
  }
  const of = (name) => median(spans.get(name) ?? [NaN])
  return {
    figures: [],
    ratios: [],
    notes: [],
    timeline: {
      javascript: { stepsUs: of('steps'), callUs: of('call'), startedUs: of('started'), exitUs: of('exit') },
      phases: { prepareUs: of('prepareUs'), cloneUs: of('cloneUs'), setupUs: of('setupUs'), runUs: of('runUs') },
      steps: rows.flatMap(({ index, side, op, syscall, detail }) => [
        ...(spans.has(`to ${index}`)
          ? [{ side, op: BEFORE[side], syscall: '', detail: '', us: of(`to ${index}`) }]
          : []),
        ...(spans.has(index) ? [{ index, side, op, syscall, detail: shorten(detail), us: of(index) }] : []),
      ]),
    },
  }
}

// What lies before the first step of a side.
const BEFORE = {
  parent: '(before)',
  stage: '(before)',
  child: '(the new process begins)',
  after: '(execve, the program, its exit)',
}

// A step lasts from the end of the one before it. The first of the child and the first after the exit take the time before them as
// their own, so that time is given to a line of its own.
function durations(trace, rows) {
  const ends = [...trace].sort((a, b) => Number(a[1] - b[1]))
  const first = new Set(['child', 'after'].map((side) => ends.find(([index]) => rows[index]?.side === side)?.[0]))
  return ends
    .slice(1)
    .map(([index, end], i) => [first.has(index) ? `to ${index}` : index, Number(end - ends[i][1]) / 1000])
}

// Names of directories of this run and this machine mean nothing elsewhere.
const shorten = (detail) =>
  detail.replaceAll(/"[^"]*\/iso-bench\/[^"]*"/g, '"…"').replaceAll(/[^\s,[\]"]*\/iso-bench-[^/\s,\]]*/g, '…')
