// Which test files run in the guest.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from '../scripts/lib/command.mjs'
import { workspaces } from '../scripts/lib/workspaces.mjs'

// Suites that ask nothing of the kernel, or nothing that differs between kernels, and take minutes when a processor is emulated. They run in
// the nightly workflow.
const NIGHTLY = [
  { part: 'packages/cli/', why: 'it is the runtime seen from the command line' },
  { part: 'native/dist/plan/', why: 'plans are data' },
  { part: 'native/dist/launch/churn', why: 'thousands of launches' },
  { part: 'packages/seccomp/dist/libseccomp', why: 'it compares compilers' },
  { part: 'packages/seccomp/dist/property', why: 'it simulates filters' },
  { part: 'packages/testing/', why: 'it is not shipped' },
]

/**
 * @param {{ selection: 'ci' | 'all', patterns: string[] }} options patterns: parts of paths; any of them is enough
 * @returns {{ files: string[], left: { part: string, why: string, files: number }[] }} files, relative to the top; what was left out
 * @throws RangeError where nothing is left
 */
export function chooseSuites({ selection, patterns }) {
  const all = workspaces().flatMap(testFiles)
  const wanted =
    patterns.length === 0 ? all : all.filter((file) => patterns.some((part) => file.includes(normal(part))))
  const skipped = selection === 'ci' && patterns.length === 0 ? NIGHTLY : []
  const files = wanted.filter((file) => !skipped.some(({ part }) => file.startsWith(part)))
  if (files.length === 0) throw new RangeError(`Cannot run ${patterns.join(' ')}: no compiled test file is called so`)
  const left = skipped.map((one) => ({ ...one, files: wanted.filter((file) => file.startsWith(one.part)).length }))
  return { files, left: left.filter((one) => one.files > 0) }
}

// Sources are what people name.
function normal(part) {
  return part.replace(/^\.\//, '').replace('/src/', '/dist/').replace(/\.ts$/, '.js')
}

function testFiles(folder) {
  const dist = join(folder, 'dist')
  if (!existsSync(join(ROOT, dist))) return []
  const found = readdirSync(join(ROOT, dist), { recursive: true }).filter((path) => path.endsWith('.test.js'))
  return found.map((path) => join(dist, path)).sort()
}
