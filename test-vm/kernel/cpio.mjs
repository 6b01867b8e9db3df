// An initramfs: the "newc" form of cpio, uncompressed. https://docs.kernel.org/driver-api/early-userspace/buffer-format.html

const REGULAR = 0o100000
const DIRECTORY = 0o040000

/**
 * @param {{ path: string, content?: Buffer, mode?: number }[]} entries without content: a directory; parents come first
 * @returns {Buffer}
 */
export function cpio(entries) {
  const blocks = entries.map((entry, index) =>
    block(index + 1, entry.path, (entry.content ? REGULAR : DIRECTORY) | (entry.mode ?? 0o755), entry.content)
  )
  return Buffer.concat([...blocks, block(0, 'TRAILER!!!', 0)])
}

function block(inode, path, mode, content = Buffer.alloc(0)) {
  // magic aside: ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize check
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, path.length + 1, 0]
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${path}\0`
  return Buffer.concat([padded(Buffer.from(head, 'latin1')), padded(content)])
}

function padded(bytes) {
  const rest = bytes.length % 4
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)])
}
