// The kernel proper, out of the self-extracting image of a distribution: QEMU starts it at its PVH entry, and saves the guest the
// decompression, which costs an emulated processor seconds.
import { execFileSync } from 'node:child_process'

import { InfrastructureError } from '../infrastructure-error.mjs'

// Offsets of the x86 boot protocol: https://docs.kernel.org/arch/x86/boot.html
const SETUP_SECTS = 0x1f1
const MAGIC = 0x202
const PAYLOAD_OFFSET = 0x248
const PAYLOAD_LENGTH = 0x24c
const SECTOR = 512

// How the payload begins, and what unpacks it.
const FORMATS = [
  { magic: 'fd377a585a00', argv: ['xz', '--decompress', '--stdout'] },
  { magic: '28b52ffd', argv: ['zstd', '--decompress', '--stdout', '--quiet'] },
  { magic: '02214c18', argv: ['lz4', '--decompress', '--stdout', '--quiet'] },
  { magic: '1f8b', argv: ['gzip', '--decompress', '--stdout'] },
]

/**
 * @param {Buffer} image a bzImage
 * @returns {Buffer} the ELF file in it
 */
export function extractVmlinux(image) {
  if (image.toString('latin1', MAGIC, MAGIC + 4) !== 'HdrS')
    throw new InfrastructureError('The kernel image is no bzImage')
  const start = ((image[SETUP_SECTS] || 4) + 1) * SECTOR + image.readUInt32LE(PAYLOAD_OFFSET)
  // The last four bytes are the unpacked length, which is none of the packer's business.
  const payload = image.subarray(start, start + image.readUInt32LE(PAYLOAD_LENGTH) - 4)
  const format = FORMATS.find(({ magic }) => payload.toString('hex', 0, magic.length / 2) === magic)
  if (format === undefined)
    throw new InfrastructureError(`The kernel is packed in an unknown way: ${payload.toString('hex', 0, 6)}`)
  const elf = unpack(format.argv, payload)
  if (elf.toString('latin1', 0, 4) !== '\x7fELF') throw new InfrastructureError('The unpacked kernel is no ELF file')
  return elf
}

/** Run a program that unpacks its standard input. */
export function unpack([program, ...parameters], input) {
  try {
    return execFileSync(program, parameters, { input, maxBuffer: 2 ** 30, stdio: ['pipe', 'pipe', 'pipe'] })
  } catch (error) {
    throw new InfrastructureError(`${program} cannot unpack what the kernel's package holds: ${error.message}`)
  }
}
