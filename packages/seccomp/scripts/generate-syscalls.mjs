// Generates src/syscalls/*.gen.ts from the kernel headers that Debian packages. `--check` writes nothing and fails where a
// header disagrees with a committed table; architectures whose headers are not installed are named, not skipped in silence.
//
//   x86_64 i386 x32   linux-libc-dev               asm/unistd_{64,32,x32}.h
//   aarch64           linux-libc-dev               asm-generic/unistd.h, read as arch/arm64 reads it
//   arm               linux-libc-dev-armhf-cross   asm/unistd.h (or `--arm-headers DIR`)
//
// Headers of a distribution are older than the kernels its containers meet, so calls added later are listed below by hand.
// Since Linux 5.1 a new call has one number on every architecture, which makes that list one table. A header that knows
// such a call must agree with it.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const NEWER = {
  cachestat: 451,
  fchmodat2: 452,
  map_shadow_stack: 453,
  futex_wake: 454,
  futex_wait: 455,
  futex_requeue: 456,
  statmount: 457,
  listmount: 458,
  lsm_get_self_attr: 459,
  lsm_set_self_attr: 460,
  lsm_list_modules: 461,
  mseal: 462,
  setxattrat: 463,
  getxattrat: 464,
  listxattrat: 465,
  removexattrat: 466,
  open_tree_attr: 467,
  file_getattr: 468,
  file_setattr: 469,
}
const NEWER_X86_64 = { uretprobe: 335, uprobe: 336 }
const X32_BIT = 0x40000000

const option = (name, fallback) => {
  const at = process.argv.indexOf(name)
  return at < 0 ? fallback : process.argv[at + 1]
}
const armHeaders = option('--arm-headers', '/usr/arm-linux-gnueabihf/include')
const x86 = '/usr/include/x86_64-linux-gnu'

const arm64 = ['RENAMEAT', 'NEW_STAT', 'SET_GET_RLIMIT', 'TIME32_SYSCALLS', 'SYS_CLONE3', 'MEMFD_SECRET']
const sources = [
  {
    arch: 'x86_64',
    constant: 'X86_64',
    header: `${x86}/asm/unistd_64.h`,
    args: [],
    newer: { ...NEWER, ...NEWER_X86_64 },
  },
  { arch: 'i386', constant: 'I386', header: `${x86}/asm/unistd_32.h`, args: [], newer: NEWER },
  {
    arch: 'x32',
    constant: 'X32',
    header: `${x86}/asm/unistd_x32.h`,
    args: ['-D__X32_SYSCALL_BIT=0x40000000'],
    newer: or(NEWER, X32_BIT),
  },
  {
    arch: 'aarch64',
    constant: 'AARCH64',
    header: '/usr/include/asm-generic/unistd.h',
    newer: NEWER,
    args: arm64.map((name) => `-D__ARCH_WANT_${name}`),
  },
  {
    arch: 'arm',
    constant: 'ARM',
    header: `${armHeaders}/asm/unistd.h`,
    args: ['-D__ARM_EABI__', `-I${armHeaders}`],
    newer: NEWER,
  },
]

function or(table, bit) {
  return Object.fromEntries(Object.entries(table).map(([name, nr]) => [name, nr + bit]))
}

/** Every `__NR_name` of a header, evaluated by the C preprocessor. */
function readHeader({ header, args }) {
  const cpp = (input) => {
    const run = spawnSync('gcc', ['-E', ...args, ...input.flags, '-x', 'c', '-'], {
      input: input.text,
      encoding: 'utf8',
    })
    if (run.status !== 0) throw new Error(`gcc -E ${header} failed: ${run.stderr}`)
    return run.stdout
  }
  const names = [
    ...cpp({ flags: ['-dM', '-include', header], text: '' }).matchAll(
      /^#define (__NR3264_|__NR_|__ARM_NR_)([a-z_]\w*) /gm
    ),
  ]
  const wanted = names.filter(([, prefix]) => prefix !== '__NR3264_')
  const text = wanted.map(([, prefix, name]) => `@${name} ${prefix}${name}`).join('\n')
  const table = {}
  for (const [, name, expression] of cpp({ flags: ['-include', header], text }).matchAll(/^@(\w+) (.+)$/gm)) {
    const value = Number(new Function(`return ${expression}`)())
    if (!Number.isInteger(value)) throw new Error(`${header}: ${name} is ${expression}`)
    table[name] = value
  }
  for (const name of ['syscalls', 'arch_specific_syscall', 'OABI_SYSCALL_BASE', 'SYSCALL_BASE', 'SYSCALL_MASK', 'BASE'])
    delete table[name]
  return table
}

function typescript({ arch, constant }, table) {
  const entries = Object.entries(table).sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
  const lines = []
  let line = ' '
  for (const [name, number] of entries) {
    const item = ` ${name}: ${number},`
    if (line.length + item.length > 120) {
      lines.push(line)
      line = ' '
    }
    line += item
  }
  lines.push(line)
  return `// Generated from kernel headers by scripts/generate-syscalls.mjs. Do not edit.\n
/** System call numbers of ${arch}, by name. */
export const ${constant}: Readonly<Record<string, number>> = {\n${lines.join('\n')}\n}\n`
}

let failures = 0
const fail = (text) => {
  console.error(text)
  failures++
}
for (const source of sources) {
  const file = fileURLToPath(new URL(`../src/syscalls/${source.arch}.gen.ts`, import.meta.url))
  const check = process.argv.includes('--check')
  if (!existsSync(source.header)) {
    if (check) console.error(`${source.arch}: ${source.header} is not installed; its table was not checked`)
    else fail(`${source.arch}: ${source.header} is not installed`)
    continue
  }
  const header = readHeader(source)
  for (const [name, number] of Object.entries(source.newer)) {
    if (header[name] !== undefined && header[name] !== number)
      fail(`${source.arch}: ${name} is ${header[name]}, the list of newer calls says ${number}`)
  }
  if (!check) {
    writeFileSync(file, typescript(source, { ...source.newer, ...header }))
    continue
  }
  const committed = Object.fromEntries(
    [...readFileSync(file, 'utf8').matchAll(/(\w+): (\d+),/g)].map(([, name, nr]) => [name, Number(nr)])
  )
  for (const [name, number] of Object.entries(header)) {
    if (committed[name] !== number)
      fail(`${source.arch}: ${name} is ${number} in ${source.header}, ${committed[name]} in ${file}`)
  }
}
process.exitCode = failures ? 1 : 0
