// Hooks that run outside, after the program was started or the container is gone.

import { spawn } from 'node:child_process'
import { IsoError } from '@iso/native'
import type { Hook } from '../spec/hooks.js'
import type { State } from '../spec/state.js'

/** Run them one after the other, with the state on standard input. @throws IsoError `ISO_HOOK` for the first that fails. */
export async function runHooks(name: string, hooks: readonly Hook[] | undefined, state: State): Promise<void> {
  for (const hook of hooks ?? []) await runHook(name, hook, state)
}

/** With the environment of the configuration alone. @throws IsoError `ISO_HOOK` with what it said. */
export function runHook(name: string, { path, args = [], env = [], timeout }: Hook, state: State): Promise<void> {
  const [argv0, ...rest] = args
  return new Promise((resolve, reject) => {
    let said = ''
    let late = false
    const fail = (why: string, cause?: unknown) =>
      reject(
        new IsoError('ISO_HOOK', `Cannot run ${name} hook ${JSON.stringify(path)}: ${why}`, {
          path,
          ...(cause !== undefined && { cause }),
          ...(said !== '' && { hint: said.trim().slice(0, 1000) }),
        })
      )
    const child = spawn(path, rest, {
      ...(argv0 !== undefined && { argv0 }),
      cwd: '/',
      env: Object.fromEntries(env.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)])),
      stdio: 'pipe',
      detached: true, // a group of its own: with a timeout all of it ends
    })
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            late = true
            if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
          }, timeout * 1000)
    const hear = (chunk: Buffer) => (said += said.length < 4096 ? String(chunk) : '')
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.stdin.on('error', () => undefined) // it need not read
    child.stdin.end(JSON.stringify(state))
    child.on('error', (cause) => fail(cause.message, cause))
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      if (late) fail(`it took more than ${timeout} s`)
      else if (status !== 0) fail(status === null ? `it was ended by ${signal}` : `it ended with status ${status}`)
      else resolve()
    })
  })
}
