// struct vfs_cap_data and vfs_ns_cap_data of linux/capability.h: the value of the security.capability attribute, little-endian.
// Revision 1 has 32 bits a set, 2 has 64, 3 adds the uid that is root in the user namespace the capabilities are for.

const REVISION_MASK = 0xff000000
const EFFECTIVE = 1
const SIZES: Readonly<Record<number, number>> = { 0x01000000: 12, 0x02000000: 20, 0x03000000: 24 }

/** File capabilities as the kernel keeps them. */
export interface VfsCap {
  permitted: bigint
  inheritable: bigint
  effective: boolean
  /** Uid of the namespace's root, in the initial user namespace; absent in revisions 1 and 2. */
  rootUid?: number
}

/** Write the attribute: revision 2, or 3 with a root uid. */
export function encodeVfsCap({ permitted, inheritable, effective, rootUid }: VfsCap): Buffer {
  const revision = rootUid === undefined ? 0x02000000 : 0x03000000
  const bytes = Buffer.alloc(SIZES[revision] as number)
  bytes.writeUInt32LE((revision | (effective ? EFFECTIVE : 0)) >>> 0, 0)
  bytes.writeUInt32LE(Number(permitted & 0xffffffffn), 4)
  bytes.writeUInt32LE(Number(inheritable & 0xffffffffn), 8)
  bytes.writeUInt32LE(Number(permitted >> 32n), 12)
  bytes.writeUInt32LE(Number(inheritable >> 32n), 16)
  if (rootUid !== undefined) bytes.writeUInt32LE(rootUid, 20)
  return bytes
}

/** Read the attribute; undefined for bytes that are none. */
export function decodeVfsCap(bytes: Buffer): VfsCap | undefined {
  if (bytes.length < 4) return undefined
  const magic = bytes.readUInt32LE(0)
  const revision = (magic & REVISION_MASK) >>> 0
  if (bytes.length !== SIZES[revision]) return undefined
  const high = (offset: number): bigint => (bytes.length > 12 ? BigInt(bytes.readUInt32LE(offset)) << 32n : 0n)
  const caps: VfsCap = {
    permitted: BigInt(bytes.readUInt32LE(4)) | high(12),
    inheritable: BigInt(bytes.readUInt32LE(8)) | high(16),
    effective: (magic & EFFECTIVE) !== 0,
  }
  return bytes.length === 24 ? { ...caps, rootUid: bytes.readUInt32LE(20) } : caps
}
