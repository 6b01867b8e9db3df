// The worker that runs the peers, seen from the benchmark.
import { spawn } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url))
// The lazy unmount is private to the worker.
const PREPARE = 'umount --lazy /sys/fs/cgroup/unified 2>/dev/null; exec "$0" "$1"'

/** Start the worker. @param {{ directory: string, merged: string }} scratch */
export async function openPeers({ directory, merged, rootfs }) {
  const child = spawn(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-c', PREPARE, process.execPath, WORKER],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }
  )
  const waiting = new Map()
  let next = 0
  child.on('message', ({ id, value, error }) => {
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) resolve(value)
    else reject(new Error(error))
  })
  child.on('exit', () => waiting.forEach(({ reject }) => reject(new Error('The worker of the peers ended'))))
  const call = (method, args = {}) =>
    new Promise((resolve, reject) => {
      const id = next++
      waiting.set(id, { resolve, reject })
      child.send({ id, method, ...args })
    })
  const missing = await call('open', { scratch: { directory, merged, rootfs } })
  return {
    call,
    /** Why a peer cannot take part; undefined where it can. */
    why: (name) => missing[name] ?? undefined,
    has: (name) => missing[name] === undefined || missing[name] === null,
    close() {
      const gone = new Promise((resolve) => child.on('exit', resolve))
      child.disconnect()
      return gone
    },
  }
}
