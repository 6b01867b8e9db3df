import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A C program of test/, built for the tests of one suite. */
export class CProgram {
  readonly directory = mkdtempSync(join(tmpdir(), 'iso-caps-'))
  readonly path = join(this.directory, 'program')

  constructor(source: string, ...libraries: string[]) {
    const file = fileURLToPath(new URL(`../test/${source}`, import.meta.url))
    execFileSync('gcc', ['-O1', '-Wall', '-Werror', '-o', this.path, file, ...libraries.map((name) => `-l${name}`)])
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }
}
