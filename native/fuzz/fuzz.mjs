// `npm run fuzz -- [--runs N] [--seconds N] [--jobs N] [--coverage]`: builds the fuzz target with clang, libFuzzer,
// AddressSanitizer and UndefinedBehaviorSanitizer, and runs it on the seeds and on what earlier runs found.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { writeCorpus } from './corpus.mjs'
import { visitor } from './visit.mjs'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '1' },
    out: { type: 'string', default: fileURLToPath(new URL('../../build/fuzz', import.meta.url)) },
    coverage: { type: 'boolean', default: false },
  },
})
for (const name of ['runs', 'seconds', 'jobs']) {
  if (!/^\d+$/.test(values[name]))
    throw new RangeError(`Cannot fuzz: --${name} is '${values[name]}'; wanted a whole number`)
}

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const at = (name) => `${values.out}/${name}`
const SOURCES = [
  'decode.c',
  '../init/decode.c',
  '../init/plan.c',
  '../init/operations.gen.c',
  '../init/interpret.c',
  '../init/context.c',
].map(here)
const FLAGS = [
  '-std=gnu11',
  '-D_GNU_SOURCE',
  '-DISO_DECODE_ONLY',
  '-g',
  '-O1',
  '-fno-omit-frame-pointer',
  '-Wall',
  '-Wextra',
  '-Wno-unused-function',
]
const SANITIZERS = 'address,undefined,unsigned-shift-base'

// Word values that mean something in a plan; libFuzzer finds the offsets itself.
const DICTIONARY = [
  'ISO1',
  '\\xff\\xff\\xff\\xff',
  '\\xff\\xff\\xff\\x7f',
  '\\x00\\x00\\x00\\x80',
  '\\x01\\x30\\x30\\x30\\x30',
  '/proc/\\x02/',
  '\\xfe\\xff\\xff\\xff',
]

function compile(output, extra) {
  execFileSync('clang', [...FLAGS, ...extra, `-I${values.out}`, `-I${here('../init')}`, ...SOURCES, '-o', output], {
    stdio: 'inherit',
  })
}

mkdirSync(at('found'), { recursive: true })
rmSync(at('seeds'), { recursive: true, force: true })
writeFileSync(at('visit.h'), visitor())
writeFileSync(at('words.dict'), DICTIONARY.map((word) => `"${word}"\n`).join(''))
const seeds = writeCorpus(at('seeds'))
compile(at('fuzz-decode'), ['-fsanitize=fuzzer', `-fsanitize=${SANITIZERS}`, '-fno-sanitize-recover=all'])
console.log(`${seeds} seeds, ${readdirSync(at('found')).length} inputs found earlier`)

const started = Date.now()
const each = Math.ceil(Number(values.runs) / Number(values.jobs))
const argv = [
  `-runs=${each}`,
  `-max_total_time=${values.seconds}`,
  `-jobs=${values.jobs === '1' ? 0 : values.jobs}`,
  `-workers=${values.jobs}`,
  '-max_len=8192',
  '-timeout=10',
  '-rss_limit_mb=2048',
  '-print_final_stats=1',
  '-reload=1',
  `-dict=${at('words.dict')}`,
  `-artifact_prefix=${at('')}`,
]
const { status, signal } = spawnSync(at('fuzz-decode'), [...argv, at('found'), at('seeds')], {
  stdio: 'inherit',
  cwd: values.out,
})
console.log(
  `${Number(values.runs)} runs asked for, ${((Date.now() - started) / 1000).toFixed(1)} s, ${status === 0 ? 'nothing found' : `ended with ${signal ?? `status ${status}`}: see ${values.out}`}`
)
if (values.coverage && status === 0) report()
process.exitCode = status ?? 1

// What the inputs reach, line by line.
function report() {
  const [profdata, cov] = ['llvm-profdata', 'llvm-cov'].map(
    (name) => [name, `${name}-14`].find((one) => existsSync(`/usr/bin/${one}`)) ?? name
  )
  compile(at('cover-decode'), ['-fsanitize=fuzzer', '-fprofile-instr-generate', '-fcoverage-mapping'])
  execFileSync(at('cover-decode'), ['-runs=0', at('found'), at('seeds')], {
    env: { ...process.env, LLVM_PROFILE_FILE: at('cover.raw') },
    stdio: 'ignore',
  })
  execFileSync(profdata, ['merge', '-sparse', at('cover.raw'), '-o', at('cover.data')])
  execFileSync(cov, ['report', at('cover-decode'), `-instr-profile=${at('cover.data')}`], { stdio: 'inherit' })
}
