// Mounts that the supervisor makes and hands to a container in a user namespace: its root is nobody on the host, cannot reach sources
// beneath private directories, and may not translate owners.

import { createHash } from 'node:crypto'
import type { SlotName, Step } from '@iso/native'

type Attributes = Extract<Step, { op: 'mountSetattr' }>

/** What is handed over. */
export interface HandedMount {
  /** Absolute path on the host. */
  source: string
  /** Slot in which the container gets it, detached. */
  slot: SlotName
  recursive: boolean
  /** Why it is there; the step that opens the source carries it. */
  why: string
  set?: NonNullable<Attributes['set']>
  propagation?: NonNullable<Attributes['propagation']> | undefined
  /** Translate owners by the maps of the container: an idmapped mount (Linux 5.12), of the source alone. */
  idmap: boolean
}

/** Why a mount is idmapped; the path follows. */
export const IDMAPPED = 'owners as inside: '

/** The steps that fill the slot, unattached. */
export function handedMount(mount: HandedMount): Step[] {
  return mount.idmap ? idmapped(mount) : plain(mount)
}

const attributes = (
  { recursive, set = [], propagation = 'private' }: HandedMount,
  slot: SlotName
): Omit<Attributes, 'side' | 'phase'> => ({
  op: 'mountSetattr',
  in: slot,
  recursive,
  ...(set.length > 0 && { set }),
  propagation,
})

function plain(mount: HandedMount): Step[] {
  const { source, slot, recursive, why } = mount
  return [
    { op: 'openTree', side: 'parent', path: source, recursive, slot, why },
    { ...attributes(mount, slot), side: 'parent' },
  ]
}

// The maps are those of the namespace the process was born in, which is there only beside it. The descriptor crosses with a barrier.
function idmapped(mount: HandedMount): Step[] {
  const { source, slot, recursive, why } = mount
  const beside = { side: 'parent', phase: 'beside' } as const
  const id = createHash('sha256').update(slot).digest('hex').slice(0, 12)
  const [userns, made] = [`handed:userns:${id}`, `handed:made:${id}`]
  return [
    {
      ...beside,
      op: 'open',
      path: '/proc/{pid}/ns/user',
      flags: ['readOnly'],
      fs: 'nsfs',
      slot: userns,
      why: 'the maps that translate owners',
    },
    { ...beside, op: 'openTree', path: source, recursive, slot: made, why },
    { ...beside, op: 'mountSetattr', in: made, set: ['idmap'], userns, why: `${IDMAPPED}${source}` },
    { ...attributes(mount, made), ...beside },
    { ...beside, op: 'signal', barrier: made, send: made },
    { op: 'wait', side: 'child', barrier: made, receive: slot },
  ]
}
