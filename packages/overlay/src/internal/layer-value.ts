import type { SlotName, Step } from '@iso/native'

/** A directory as an option value: the path itself, or the descriptor of an `open` step that goes first. */
export interface LayerValue {
  value: string
  /** Bytes it may take once descriptors are filled in. */
  bytes: number
  steps: Step[]
}

// fsconfig(2) takes 255 bytes a string. A descriptor also avoids the kernel's changes of mind about the backslash (`upperdir`
// is unescaped, `lowerdir+` is not) and a `{` that could be read as a slot.
const MAX_VALUE_BYTES = 255

/** Longest name of a descriptor: `/proc/self/fd/` and five digits. */
const DESCRIPTOR_BYTES = 19

/** The value of one directory for fsconfig: its path where that is safe, else an opened descriptor of it. */
export function layerValue(path: string, slot: SlotName): LayerValue {
  if (!/[\\{]/.test(path) && Buffer.byteLength(path) <= MAX_VALUE_BYTES)
    return { value: path, bytes: Buffer.byteLength(path), steps: [] }
  return {
    value: `{slot:${slot}}`,
    bytes: DESCRIPTOR_BYTES,
    steps: [
      {
        op: 'open',
        side: 'child',
        path,
        flags: ['path', 'directory'],
        slot,
        why: 'a path the option string cannot hold',
      },
    ],
  }
}
