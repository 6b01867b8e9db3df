import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { requires } from '@iso/testing'
import { expect } from 'chai'

const RUNS = 200_000
const FUZZ = fileURLToPath(new URL('../../fuzz/fuzz.mjs', import.meta.url))

describe('fuzz', () => {
  it(`fuzz: the decoder takes ${RUNS} mutated plans without a memory error`, async function () {
    requires(this, { program: 'clang' })
    this.timeout(120_000)
    this.slow(60_000)
    const out = mkdtempSync(join(tmpdir(), 'iso-fuzz-'))
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [
        FUZZ,
        '--runs',
        String(RUNS),
        '--out',
        out,
      ])
      expect(stdout)
        .to.match(/^[1-9]\d* seeds/m)
        .and.match(/nothing found/)
      // Fewer would mean that the header is refused and the decoder behind it never reached.
      const covered = /#\d+\s+DONE\s+cov: (\d+)/.exec(stderr)
      expect(Number(covered?.[1])).to.be.greaterThan(400)
    } finally {
      rmSync(out, { recursive: true })
    }
  })
})
