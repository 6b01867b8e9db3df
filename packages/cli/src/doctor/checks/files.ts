import { probe } from '@iso/overlay'
import { rootless } from '@iso/userns'

import { checksOf, type Check } from '../check.js'

const { ok, bad } = checksOf('files')

/** Overlay file systems, tried out. */
export async function checkFiles(uid = process.geteuid?.() ?? -1): Promise<Check[]> {
  const { apis, userxattr, maxLowers, causes } = await probe(uid === 0 ? [] : rootless().steps)
  if (apis.length === 0)
    return [
      bad(
        'missing',
        'overlay',
        causes.join('; ') || 'refused',
        'no private writable layer over a root',
        'modprobe overlay, or boot Linux 5.11 or newer for ordinary users'
      ),
    ]
  const direct = apis.includes('fsconfig')
  return [
    ok('overlay', `by ${apis.join(' and ')}, up to ${maxLowers} lower directories`),
    ...(direct
      ? []
      : [
          bad(
            'note',
            'overlay-fsconfig',
            'not by fsconfig(2)',
            'long lists of lower directories must fit into 4096 bytes',
            'boot Linux 6.8 or newer'
          ),
        ]),
    ...(userxattr
      ? []
      : [
          bad(
            'note',
            'overlay-userxattr',
            'no userxattr',
            'rootless overlays lose opaque directories',
            'boot Linux 5.11 or newer'
          ),
        ]),
  ]
}
