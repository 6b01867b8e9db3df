// `npm run bench [-- ROW...] [--runs N] [--docs]`: measures the targets of docs/architecture.md beside the peers, in one run.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const ROWS = [
  'launch',
  'throughput',
  'parked',
  'exec',
  'run',
  'command',
  'event-loop',
  'memory',
  'stdio',
  'plan',
  'thousandth',
  'steps',
]
const OUT = fileURLToPath(new URL('out', import.meta.url))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '100' }, docs: { type: 'boolean', default: false } },
})
const unknown = positionals.find((name) => !ROWS.includes(name))
if (unknown !== undefined) throw new RangeError(`Cannot measure '${unknown}': the rows are ${ROWS.join(', ')}`)
if (!/^[1-9]\d*$/.test(values.runs))
  throw new RangeError(`Cannot measure: --runs is '${values.runs}'; wanted a whole number from 1`)

// It costs every start of Node 20 some 40 ms, and would make the peers of our own commands look slow.
if (process.env.NODE_EXTRA_CA_CERTS !== undefined) {
  const env = { ...process.env }
  delete env.NODE_EXTRA_CA_CERTS
  process.exit(spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env }).status ?? 1)
}
if (process.geteuid() !== 0) {
  console.error(
    'The benchmark makes containers with cgroup limits and runs crun and runc as their engines do: run it as root'
  )
  process.exit(1)
}

const { openContext } = await import('./lib/context.mjs')
const context = await openContext(Number(values.runs))
const measured = {}
try {
  for (const name of positionals.length > 0 ? positionals : ROWS) {
    const row = await import(`./rows/${name}.mjs`)
    process.stderr.write(`${name}: ${row.what}\n`)
    measured[name] = { what: row.what, ...(await row.run(context)) }
  }
} finally {
  await context.close()
}

// Rows that were not measured now stand as they were measured last.
const earlier = existsSync(`${OUT}/results.json`) ? JSON.parse(readFileSync(`${OUT}/results.json`, 'utf8')).rows : {}
const rows = Object.fromEntries(
  ROWS.flatMap((name) => ((measured[name] ?? earlier[name]) ? [[name, measured[name] ?? earlier[name]]] : []))
)
const results = { machine: context.machine, runs: context.runs, rows }

const [{ writeJson }, { markdown, summary }, { svg }, { writeDocs }] = await Promise.all(
  ['json', 'markdown', 'svg', 'docs'].map((name) => import(`./report/${name}.mjs`))
)
writeJson(OUT, results)
writeFileSync(`${OUT}/results.md`, markdown(results))
const picture = results.rows.steps === undefined ? undefined : svg(results.rows.steps.timeline)
if (picture !== undefined) writeFileSync(`${OUT}/steps.svg`, picture)
if (values.docs) writeDocs(markdown(results), picture)
console.log(summary(measured))
console.log(`\n${OUT}/results.md has all figures${values.docs ? '; docs/performance.md was written' : ''}`)
