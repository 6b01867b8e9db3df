// Compiles the programs of the benchmark: static, with musl where it is installed, as iso-init itself is.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { installed, ROOT } from '../../scripts/lib/command.mjs'

const OUT = `${ROOT}/build/bench`

/** @returns {{ floor: string, true: string, busybox: string | undefined, compiler: string }} paths of what was built */
export function buildPrograms() {
  const compiler = installed('musl-gcc') ? 'musl-gcc' : 'gcc'
  mkdirSync(OUT, { recursive: true })
  for (const name of ['true', 'floor']) compile(compiler, name)
  let busybox
  if (installed('busybox')) {
    busybox = `${OUT}/busybox`
    copyFileSync(execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim(), busybox)
  }
  return { floor: `${OUT}/floor`, true: `${OUT}/true`, busybox, compiler }
}

function compile(compiler, name) {
  const source = fileURLToPath(new URL(`../${name}.c`, import.meta.url))
  const output = `${OUT}/${name}`
  if (modified(output) > modified(source)) return
  // musl-gcc does not look for the kernel's headers by itself.
  const headers =
    compiler === 'musl-gcc' ? ['/usr/include', `/usr/include/${triplet()}`].flatMap((dir) => ['-idirafter', dir]) : []
  execFileSync(
    compiler,
    ['-std=gnu11', '-Os', '-Wall', '-Wextra', '-D_GNU_SOURCE', '-static', '-s', ...headers, '-o', output, source],
    { stdio: 'inherit' }
  )
}

const triplet = () => execFileSync('gcc', ['-print-multiarch'], { encoding: 'utf8' }).trim()

function modified(path) {
  try {
    return statSync(path).mtimeMs
  } catch {
    return 0
  }
}
