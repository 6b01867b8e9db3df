// How a peer is run: from this same Node, with child_process.
import { spawn } from 'node:child_process'

/** Run a program and wait for its end. @returns {Promise<number>} milliseconds from the call to the exit event */
export function timeSpawn(argv, { expect = 0, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(argv[0], argv.slice(1), { stdio: 'ignore', env: { PATH: process.env.PATH }, ...options })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      const ms = performance.now() - start
      if (code === expect) resolve(ms)
      else reject(new Error(`${argv.join(' ')} ended with ${signal ?? `status ${code}`}`))
    })
  })
}

/** Run a program to its end and give what it printed to the error, where it fails. */
export async function check(argv) {
  let said = ''
  const child = spawn(argv[0], argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data))
  const code = await new Promise((resolve) => child.on('close', resolve).on('error', (error) => resolve(error.message)))
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${code}: ${said.trim()}`)
}
