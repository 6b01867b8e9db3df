import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from '../lib/command.mjs'

/** The files of the repository, those not yet committed included, relative to the top. */
export function files(pattern) {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  // A file that was removed stays listed until it is committed.
  return listed.split('\0').filter((name) => pattern.test(name) && existsSync(join(ROOT, name)))
}

export function read(name) {
  return readFileSync(join(ROOT, name), 'utf8')
}
