// The kernels the tests meet: Debian's, because their packages hold everything and are signed.

/**
 * @typedef {object} KernelChoice
 * @property {string} name what `--kernel` takes
 * @property {string} release the release it belongs to
 * @property {{ mirror: string, suite: string }} source where apt finds it
 * @property {string} why what it stands for
 */

/** @type {readonly KernelChoice[]} */
export const KERNELS = [
  {
    name: '6.1',
    release: 'bookworm',
    source: { mirror: 'http://deb.debian.org/debian-security', suite: 'bookworm-security' },
    why: 'the kernel of Debian 12, before lowerdir+, id maps on tmpfs and user.* attributes on tmpfs',
  },
  {
    name: '6.12',
    release: 'bookworm',
    source: { mirror: 'http://deb.debian.org/debian', suite: 'bookworm-backports' },
    why: 'the kernel of Debian 13',
  },
]

/** Its image depends on the newest one; the full one, because the one for clouds has no 9p. */
export const META_PACKAGE = 'linux-image-amd64'

/** @returns {KernelChoice} */
export function findKernel(name) {
  const found = KERNELS.find((kernel) => kernel.name === name)
  if (found === undefined)
    throw new RangeError(`Cannot boot kernel "${name}": wanted one of ${KERNELS.map((one) => one.name).join(', ')}`)
  return found
}

// Modules the guest cannot do without, in no particular order, and those the tests use. Their dependencies are found.
/** @type {readonly string[]} */
export const MODULES = [
  'virtio_pci',
  'virtio_console',
  'virtio_blk',
  '9p',
  '9pnet_virtio',
  // ext4 asks for it by an alias that only modprobe(8) would resolve.
  'crc32c_generic',
  'ext4',
  'overlay',
  'loop',
]
