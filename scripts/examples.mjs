// `npm run examples`: compile and run every ```ts example of the READMEs, the guides and the doc comments, type every ```console
// session, and run the programs of examples/, each in a directory of its own. Arguments narrow it to files whose path contains one of them. Ends with `N passed, N failed`.
import { mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'

import { shutdown } from '@iso/native'
import { describeLeaks, LeakCheck, leakOptions } from '@iso/testing'

import { compile, removeCompiled } from './examples/compile.mjs'
import { runConsole } from './examples/console.mjs'
import { extract } from './examples/extract.mjs'
import { matches } from './examples/output.mjs'
import { ROOT, run } from './lib/command.mjs'
import { formatTotals } from './lib/totals.mjs'
import { workspaces } from './lib/workspaces.mjs'

const TIMEOUT_MS = 60_000
const AT_ONCE = 2

const wanted = process.argv.slice(2)
const found = sources().map(extract)
const examples = found.flatMap((one) => one.examples)
const faults = found.flatMap((one) => one.faults)
const totals = { passed: 0, failed: faults.length, skipped: 0 }
for (const fault of faults) console.log(`FAIL ${fault}`)

const live = examples.filter(({ reason }) => reason === undefined)
for (const { file, line, reason } of examples.filter((one) => one.reason !== undefined)) {
  console.log(`not run ${file}:${line}: ${reason}`)
}
const programs = live.filter((one) => one.console === undefined)
const { scripts, errors } = await compile(programs)
const check = new LeakCheck(leakOptions())
const queue = [...live]
await Promise.all(Array.from({ length: AT_ONCE }, drain))
removeCompiled()
await shutdown()
await judgeLeaks()
console.log(`\n${formatTotals(totals)}`)
process.exitCode = totals.failed === 0 ? 0 : 1

async function drain() {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const index = programs.indexOf(next)
    await judge(next, scripts[index], errors[index] ?? [])
  }
}

async function judgeLeaks() {
  const { leaks } = await check.check()
  if (leaks.length === 0) return
  console.log(`FAIL the examples left behind:\n${describeLeaks(leaks)}`)
  totals.failed++
}

async function judge(example, script, said) {
  const { file, line } = example
  const fault = said.length > 0 ? said.join('\n') : await execute(example, script)
  console.log(
    `${fault === undefined ? 'ok' : 'FAIL'} ${file}:${line}${fault === undefined ? '' : `\n${fault.replace(/^/gm, '    ')}`}`
  )
  if (fault === undefined) totals.passed++
  else totals.failed++
}

async function execute({ code: text, console, expected }, script) {
  const cwd = mkdtempSync(join(tmpdir(), 'iso-example-'))
  try {
    if (console !== undefined)
      return await runConsole(text, { cwd, terminal: console === 'terminal', timeoutMs: TIMEOUT_MS })
    const { code, output } = await run([process.execPath, '--enable-source-maps', script], {
      cwd,
      hold: true,
      timeoutMs: TIMEOUT_MS,
    })
    if (code !== 0) return `ended with status ${code}:\n${output}`
    if (expected !== undefined && !matches(expected, output))
      return `printed:\n${output}\nwhere the document says:\n${expected}`
    return undefined
  } finally {
    // Not through a mount that an example left behind.
    spawnSync('rm', ['-rf', '--one-file-system', cwd])
  }
}

function sources() {
  const folders = workspaces()
  const documents = [
    ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
    ...below('docs', '.md').filter((file) => !file.startsWith('docs/api/')),
    ...folders.flatMap((folder) => below(folder, '.md')),
    ...['bench', 'examples', 'scripts', 'test-vm'].flatMap((folder) => below(folder, '.md')),
  ]
  const code = folders
    .flatMap((folder) => below(`${folder}/src`, '.ts'))
    .filter((file) => !/\.(test|gen)\.ts$/.test(file))
  const all = [...documents, ...code, ...below('examples', '.ts')]
  return wanted.length === 0 ? all : all.filter((file) => wanted.some((part) => file.includes(part)))
}

function below(folder, extension) {
  const full = join(ROOT, folder)
  if (!statSync(full, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(full, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory())
      return /^(node_modules|dist|build|prebuilds)$/.test(entry.name) ? [] : below(`${folder}/${entry.name}`, extension)
    return entry.name.endsWith(extension) ? [`${folder}/${entry.name}`] : []
  })
}
