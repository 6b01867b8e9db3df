// The seeds: plans as the TypeScript encoder writes them. Every operation with all of its fields, every side, alternatives,
// ignored errors, templates, and a whole container.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { encode, link } from '../dist/index.js'
import { operations } from '../plan/operations.mjs'

const PROGRAM = { argv: ['/bin/sh', '-c', 'id'], env: ['PATH=/bin', 'A=1'] }

const VALUES = {
  u32: () => 5,
  id: () => 1000,
  i64: () => -3,
  u64: () => 0xa80425fbn,
  bool: () => true,
  str: () => 'srv/text',
  template: () => '/proc/{pid}/{slot:one}/x',
  templates: () => ['lowerdir+', '{slot:one}/u', 'upperdir', '{slot:two}'],
  bytes: () => Uint8Array.of(6, 0, 0, 0, 0, 0, 255, 127),
  strs: () => ['first', 'second', ''],
  u32s: () => [1, 2, 3],
  slot: ({ makes }) => (makes ? 'made' : 'one'),
  enum: ({ names }) => Object.keys(names)[0],
  flags: ({ names }) => Object.keys(names),
}

function step(op, { optional }) {
  const fields = Object.entries(operations[op].fields).filter(([, field]) => optional || !field.optional)
  return { op, ...Object.fromEntries(fields.map(([name, field]) => [name, VALUES[field.kind](field)])) }
}

// A host name alone is no plan: link() keeps it from renaming the machine.
const UTS = { op: 'clone', namespaces: ['uts'] }
const plan = (steps) => encode(link([UTS, ...steps], { callerSlots: ['one', 'two'] }), PROGRAM)

// Found by fuzzing: a template of no characters that is still to be expanded. The encoder never writes one.
function emptyTemplate() {
  const bytes = Buffer.from(plan([{ op: 'open', path: '{slot:one}', flags: ['path'], slot: 'made' }]))
  const at = bytes.indexOf(Uint8Array.of(5, 0, 0, 0x80))
  bytes.writeUInt32LE(bytes.readUInt32LE(at - 4) + 5, at - 4)
  bytes.writeUInt32LE(0x80000000, at)
  return bytes
}

function* seeds() {
  yield ['empty', encode(link([]), PROGRAM)]
  yield [
    'program',
    encode(link([], { keyring: false }), {
      argv: [],
      env: [],
      timeoutMs: 1000,
      outputLimitBytes: 2 ** 40,
      detached: true,
      trace: true,
    }),
  ]
  for (const op of Object.keys(operations)) {
    for (const optional of [false, true]) {
      const one = step(op, { optional })
      yield [`${op}-${optional ? 'all' : 'least'}`, plan([one])]
      if (op === 'clone' || !optional) continue
      const onError = { ignore: ['ENOENT', 'EPERM'], else: [step(op, { optional: false }), step(op, { optional })] }
      for (const side of operations[op].sides) yield [`${op}-${side}`, plan([{ ...one, side, onError }])]
    }
  }
  // Nothing behind the last record: a reader that goes too far leaves the plan at once.
  for (const op of ['prlimit', 'umask', 'capBounding']) {
    yield [`${op}-last`, encode({ ...link([]), child: [step(op, { optional: true })] }, { argv: [], env: [] })]
  }
  yield ['empty-template', emptyTemplate()]
  yield ['everything', plan(Object.keys(operations).map((op) => step(op, { optional: true })))]
}

/** Write the seeds into a directory. @returns how many */
export function writeCorpus(directory) {
  mkdirSync(directory, { recursive: true })
  let count = 0
  for (const [name, bytes] of seeds()) {
    writeFileSync(join(directory, name), bytes)
    count++
  }
  return count
}
