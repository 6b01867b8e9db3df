import { readSets, type Capability } from '@iso/caps'

import { checksOf, type Check } from '../check.js'
import type { Machine } from '../machine.js'

const { ok, bad } = checksOf('privilege')

/** What a launch as root uses, and what fails without it. */
const USES: readonly (readonly [Capability, string])[] = [
  ['CAP_SYS_ADMIN', 'namespaces and mounts: nothing works as root without a user namespace'],
  ['CAP_SETUID', 'no user but root'],
  ['CAP_SETGID', 'no group but root, and no supplementary groups'],
  ['CAP_SETPCAP', 'the bounding set cannot be narrowed'],
  ['CAP_SYS_CHROOT', 'no change of root'],
  ['CAP_NET_ADMIN', 'loopback cannot be brought up, nor sysctls of the network set'],
  ['CAP_MKNOD', 'devices are bound from the host instead of made'],
  ['CAP_CHOWN', 'owners of files cannot be set'],
  ['CAP_DAC_OVERRIDE', 'files that root does not own cannot be prepared'],
  [
    'CAP_SYS_RESOURCE',
    'no hard limit can be raised, no oom_score_adj lowered, and pressure is reported every 2 s at most',
  ],
]

/** Who we are, and what we may. */
export function checkPrivilege(machine: Machine, uid = process.geteuid?.() ?? -1): Check[] {
  const confined = machine.read('/proc/self/status')?.match(/^Seccomp:\s*2$/m)
  const filter = confined
    ? [
        bad(
          'note',
          'own-filter',
          'this process is under a seccomp filter',
          'what it refuses, containers cannot have either'
        ),
      ]
    : []
  if (uid !== 0) return [ok('user', `uid ${uid}: containers run in a user namespace`), ...filter]
  const { effective, noNewPrivs } = readSets()
  const absent = USES.filter(([name]) => !effective.includes(name))
  return [
    bad(
      'note',
      'user',
      'uid 0',
      'root in a container is root of the host behind every other wall',
      'run iso as an ordinary user'
    ),
    ...(absent.length === 0 ? [ok('capabilities', 'all that a launch uses')] : []),
    ...absent.map(([name, without]) =>
      bad(
        'missing',
        name.toLowerCase().replaceAll('_', '-'),
        `no ${name}`,
        without,
        `start iso with ${name}; in a container: --cap-add ${name.slice(4)}`
      )
    ),
    ...(noNewPrivs
      ? [
          bad(
            'note',
            'no-new-privs',
            'no_new_privs is set here',
            'newuidmap and sudo cannot raise privilege below this process'
          ),
        ]
      : []),
    ...filter,
  ]
}
