// The result as tables for people.

const number = (value) =>
  value === undefined || Number.isNaN(value)
    ? '-'
    : value >= 100
      ? value.toFixed(0)
      : value >= 10
        ? value.toFixed(1)
        : value.toFixed(2)
const target = ({ atMost, atLeast }) =>
  atMost !== undefined ? `<= ${atMost}` : atLeast !== undefined ? `>= ${atLeast}` : '-'
const verdict = ({ met }) => (met === undefined ? '' : met ? 'met' : 'missed')

/** @param {{ machine: object, rows: Record<string, object> }} results @returns {string} */
export function markdown({ machine, rows, runs }) {
  return (
    [summary(rows), machineText(machine, runs), ...Object.entries(rows).map(([name, row]) => rowText(name, row))].join(
      '\n\n'
    ) + '\n'
  )
}

/** Ratios of all rows in one table. */
export function summary(rows) {
  const lines = Object.values(rows).flatMap((row) =>
    row.ratios.map((one) => {
      const pairs = one.paired === undefined ? number(one.value) : number(one.paired)
      const spread = one.paired === undefined ? ['-', '-'] : [number(one.p50), number(one.p99)]
      return `| ${row.what} | ${one.label} | ${pairs} | ${spread.join(' | ')} | ${target(one)} | ${verdict(one)} |`
    })
  )
  const missing = Object.entries(rows).filter(([, row]) => row.ratios.length === 0 && row.timeline === undefined)
  return [
    '| what | against | ratio (median of pairs) | of p50 | of p99 | target | |',
    '|---|---|---|---|---|---|---|',
    ...lines,
    ...missing.map(([, row]) => `| ${row.what} | - | not measured: ${row.notes.join('; ')} | - | - | - | |`),
  ].join('\n')
}

function machineText({ date, kernel, processors, memoryGiB, cgroups, node, load, peers }, runs) {
  const versions = Object.entries(peers).map(([name, version]) => version ?? `${name}: not installed`)
  return `Measured on ${date}: Linux ${kernel}, ${processors}, ${memoryGiB} GiB, cgroups ${cgroups}, Node ${node}; load ${load.join(' ')} before; ${runs} runs of each, by turns. ${versions.join('; ')}.`
}

function rowText(name, { what, figures, notes, timeline }) {
  const table = figures.map(
    (one) =>
      `| ${one.name} | ${one.unit} | ${number(one.first)} | ${number(one.p50)} | ${number(one.p99)} | ${number(one.min)} | ${one.n} |`
  )
  return [
    `### ${name}: ${what}`,
    ...(table.length > 0
      ? [['| | unit | first | p50 | p99 | min | n |', '|---|---|---|---|---|---|---|', ...table].join('\n')]
      : []),
    ...(timeline === undefined ? [] : [timelineText(timeline)]),
    ...notes.map((note) => `${note}`),
  ].join('\n\n')
}

const LONGEST = 14

function timelineText({ steps, phases, javascript }) {
  const longest = [...steps].sort((a, b) => b.us - a.us).slice(0, LONGEST)
  const rest = steps.filter((step) => !longest.includes(step)).reduce((sum, step) => sum + step.us, 0)
  return [
    `JavaScript: ${number(javascript.stepsUs)} us for the steps, ${number(javascript.callUs)} us in the call of launch(); iso-init: ${number(phases.prepareUs)} us before the clone, ${number(phases.cloneUs)} us clone, ${number(phases.setupUs)} us set-up, ${number(phases.runUs)} us the program; ${number(javascript.exitUs)} us from the first line to the known exit.`,
    '',
    '| side | step | system call | us |',
    '|---|---|---|---|',
    ...longest.map(
      ({ side, op, syscall, detail, us }) =>
        `| ${side} | ${op} ${detail.slice(0, 40).replaceAll('|', '\\|')} | ${syscall} | ${number(us)} |`
    ),
    `| | the other ${steps.length - longest.length} steps | | ${number(rest)} |`,
  ].join('\n')
}
