// Builds iso-init, static: with musl where it is installed (a waiting supervisor then takes 36 kB instead of 680), else with the
// C library at hand. Called by node-gyp: `build-init.mjs OUTPUT SOURCE...`.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'

const [output, ...sources] = process.argv.slice(2)
const strict = [
  '-std=gnu11',
  '-Os',
  '-Wall',
  '-Wextra',
  '-D_GNU_SOURCE',
  '-fno-asynchronous-unwind-tables',
  '-ffunction-sections',
  '-fdata-sections',
]
const link = ['-static', '-s', '-Wl,--gc-sections', '-Wl,-z,relro,-z,now', '-Wl,-z,noexecstack']

function has(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

// musl-gcc leaves the kernel's headers out of its search path; they come after its own, so none of the C library's is shadowed.
function kernelHeaders() {
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch]
  return ['/usr/include', `/usr/include/${triplet}`]
    .filter((dir) => existsSync(dir))
    .flatMap((dir) => ['-idirafter', dir])
}

const compiler = process.env.ISO_INIT_CC ?? (has('musl-gcc') ? 'musl-gcc' : (process.env.CC ?? 'cc'))
const headers = compiler.includes('musl') ? kernelHeaders() : []
execFileSync(compiler, [...strict, ...headers, ...link, '-o', output, ...sources], { stdio: 'inherit' })
