// Generates everything that must agree with plan/operations.mjs. `--check` writes nothing and fails where a file is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

import { operations } from '../plan/operations.mjs'
import { cHeader, cSource, digest } from './generate-c.mjs'
import { fields } from './generate-fields.mjs'
import { markdown } from './generate-docs.mjs'
import { typescript } from './generate-ts.mjs'

const outputs = {
  '../src/operations.gen.ts': typescript(operations, digest(operations)),
  '../src/plan/fields.gen.ts': fields(operations),
  '../init/operations.gen.h': cHeader(operations),
  '../init/operations.gen.c': cSource(operations),
  '../../docs/operations.md': markdown(operations),
}

let stale = 0
for (const [name, text] of Object.entries(outputs)) {
  const file = fileURLToPath(new URL(name, import.meta.url))
  let current
  try {
    current = readFileSync(file, 'utf8')
  } catch {
    current = undefined
  }
  if (current === text) continue
  if (process.argv.includes('--check')) {
    console.error(`${file} is not what the operation table generates; run npm run generate`)
    stale++
  } else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
process.exitCode = stale ? 1 : 0
