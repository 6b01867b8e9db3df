// Which test files run in the guest.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from '../scripts/lib/command.mjs'
import { workspaces } from '../scripts/lib/workspaces.mjs'

// Suites that ask nothing of the kernel, or nothing that differs between kernels, and take minutes where a processor is emulated. They run in
// the nightly workflow.
const NIGHTLY = [
  { part: 'native/', why: 'every package launches through it' },
  { part: 'packages/cli/', why: 'it is the runtime seen from the command line' },
  { part: 'packages/runtime/dist/iso-runtime/', why: 'it is the runtime seen from a bundle' },
  { part: 'packages/image/', why: 'images are files' },
  { part: 'packages/testing/', why: 'it is not shipped' },
  { part: 'packages/ns/dist/list', why: 'it starts thousands of processes' },
  { part: 'packages/overlay/dist/changes', why: 'it compares hundreds of random trees' },
  { part: 'packages/overlay/dist/copy-tree', why: 'copies are files' },
  ...['arch', 'compile', 'explain', 'libseccomp', 'property', 'validate', 'verdict', 'syscalls', 'internal'].map(
    (name) => ({
      part: `packages/seccomp/dist/${name}`,
      why: 'filters are data until they are loaded',
    })
  ),
  ...['v1', 'cgroup.', 'docker', 'limits', 'name', 'receipt', 'units', 'weight'].map((name) => ({
    part: `packages/cgroups/dist/${name}`,
    why: 'it reads a tree made for it',
  })),
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
