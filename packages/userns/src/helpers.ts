// newuidmap and newgidmap, the setuid helpers that write maps of subordinate ids.

import { lstatSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { getxattr, IsoError } from '@iso/native'

/** Where a helper is and whether it can do its work. */
export interface Helper {
  name: 'newuidmap' | 'newgidmap'
  /** Absolute path; absent where it is not installed. */
  path?: string
  /** Why it cannot write a map; absent where it can. */
  cause?: string
  /** What would change that. */
  remedy?: string
}

const DIRECTORIES = '/usr/bin:/bin:/usr/local/bin:/usr/sbin:/sbin'

/**
 * Find newuidmap(1) or newgidmap(1) and say whether it can write maps: installed, set-user-ID root or with file
 * capabilities, and this process not under no_new_privs, which takes both away.
 *
 * @param directories where to look, separated by `:`
 */
export function findHelper(name: Helper['name'], directories = DIRECTORIES): Helper {
  for (const directory of directories.split(delimiter)) {
    const path = join(directory, name)
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined || !stats.isFile()) continue
    const privileged = (stats.uid === 0 && (stats.mode & 0o4000) !== 0) || hasFileCapabilities(path)
    if (!privileged && process.geteuid?.() !== 0) {
      return {
        name,
        path,
        cause: `${path} is neither set-user-ID root nor has file capabilities`,
        remedy: `chmod u+s ${path}`,
      }
    }
    if (underNoNewPrivs() && process.geteuid?.() !== 0) {
      return {
        name,
        path,
        cause: 'this process runs under no_new_privs, so no program gains privilege',
        remedy: 'start it outside the sandbox, or without NoNewPrivileges=',
      }
    }
    return { name, path }
  }
  return {
    name,
    cause: `${name} is not installed`,
    remedy: 'install the package uidmap (Debian, Ubuntu) or shadow-utils (Fedora)',
  }
}

function hasFileCapabilities(path: string): boolean {
  try {
    return lstatSync(path).isFile() && getxattr(path, 'security.capability').length > 0
  } catch (error) {
    if (error instanceof IsoError) return false
    throw error
  }
}

function underNoNewPrivs(): boolean {
  return /^NoNewPrivs:\s*1$/m.test(readFileSync('/proc/self/status', 'utf8'))
}
