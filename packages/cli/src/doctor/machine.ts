// The files of the machine the doctor reads; from another root in tests.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { release } from 'node:os'

/** Reads what the kernel tells about itself. */
export class Machine {
  /** @param root directory that stands for `/`. @param kernel release, such as `6.1.0-18-amd64`. */
  constructor(
    private readonly root = '',
    readonly kernel = release()
  ) {}

  /** Text of a file, white space at its ends removed; undefined where it cannot be read. */
  read(path: string): string | undefined {
    try {
      return readFileSync(this.root + path, 'utf8').trim()
    } catch {
      return undefined
    }
  }

  /** Names in a directory; none where it cannot be read. */
  list(path: string): string[] {
    try {
      return readdirSync(this.root + path)
    } catch {
      return []
    }
  }

  /** Whether something is there. */
  has(path: string): boolean {
    return existsSync(this.root + path)
  }

  /** Whether the kernel is at least of this version. */
  atLeast(major: number, minor: number): boolean {
    const [ours = 0, our = 0] = this.kernel.split(/[.-]/, 2).map(Number)
    return ours > major || (ours === major && our >= minor)
  }
}
