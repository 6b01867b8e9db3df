import type { Step } from '@iso/native'

/** A mount namespace of its own; what the machine unmounts goes away here, too. */
export function privateRoot(): Step[] {
  return [
    { op: 'clone', namespaces: ['mnt'] },
    { op: 'propagation', path: '/', propagation: 'slave', recursive: true, why: 'no mount spreads to the host' },
  ]
}
