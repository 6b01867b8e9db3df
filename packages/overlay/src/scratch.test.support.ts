// Directories for tests, and overlays mounted with mount(8) in a throw-away mount namespace.

import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A directory beneath /tmp that is removed by `remove()`. */
export class Scratch {
  readonly path = mkdtempSync('/tmp/iso-overlay-')

  constructor() {
    // Users of user namespaces look inside, too.
    chmodSync(this.path, 0o755)
  }

  /** Make a directory with files: keys ending in `/` are directories, other values are contents. */
  tree(name: string, files: Record<string, string> = {}): string {
    const root = join(this.path, name)
    mkdirSync(root, { recursive: true })
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(path.endsWith('/') ? join(root, path) : dirname(join(root, path)), { recursive: true })
      if (!path.endsWith('/')) writeFileSync(join(root, path), content)
    }
    return root
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** What an overlay for {@link inOverlay} is mounted with. */
export interface ShellOverlay {
  lower: string[]
  upper: string
  work: string
  /** Further mount options. */
  options?: string
  /** Runs in the merged directory. */
  script: string
}

/** Mount an overlay in a mount namespace of its own, run a script in it and return what it printed. */
export function inOverlay({ lower, upper, work, options, script }: ShellOverlay): string {
  const data = `lowerdir=${lower.join(':')},upperdir=${upper},workdir=${work}${options === undefined ? '' : `,${options}`}`
  const merged = `${work}.merged`
  const commands = 'set -e; mkdir -p "$2"; mount -t overlay overlay -o "$1" "$2"; cd "$2"; eval "$3"'
  const done = spawnSync('unshare', ['--mount', 'sh', '-c', commands, 'sh', data, merged, script], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`Cannot run "${script}" in an overlay: ${done.stderr}`)
  return done.stdout
}
