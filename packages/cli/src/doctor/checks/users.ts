import { probe } from '@iso/userns'

import { checksOf, type Check } from '../check.js'

const { ok, bad } = checksOf('users')

const KINDS = {
  multi: 'user namespaces with many ids',
  single: 'user namespaces with one id',
  none: 'no user namespaces',
} as const

/** User namespaces, and the ids in them. */
export function checkUsers(uid = process.geteuid?.() ?? -1): Check[] {
  const { kind, checks } = probe()
  const whole =
    kind === 'multi'
      ? ok('user-namespace', KINDS[kind])
      : kind === 'single'
        ? bad(
            'missing',
            'user-namespace',
            KINDS[kind],
            'only one user and group exist in a rootless container',
            'see below'
          )
        : bad(
            uid === 0 ? 'missing' : 'broken',
            'user-namespace',
            KINDS[kind],
            uid === 0 ? 'no --userns private' : 'an ordinary user cannot run containers',
            'see below'
          )
  // Where ids are plenty, what is missing on the way that was not needed is no fault.
  const status = kind === 'multi' ? 'note' : 'missing'
  return [
    whole,
    ...checks.map(({ name, ok: fine, found, cause, remedy }) =>
      fine ? ok(name, found) : bad(status, name, found, cause ?? '', remedy)
    ),
  ]
}
