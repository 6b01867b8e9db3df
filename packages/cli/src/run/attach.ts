// The caller's streams connected to those of a container.

import { finished } from 'node:stream/promises'
import type { Readable, Writable } from 'node:stream'
import { isatty } from 'node:tty'

import type { Container } from '@iso/runtime'

import { enterRawMode } from '../tty/raw-mode.js'
import { followWindowSize } from '../tty/window-size.js'

/** Streams that are connected. */
export interface Attached {
  /** Everything that was written has been passed on. */
  drained: Promise<void>
  /** Let go of the caller's terminal. Safe to call twice. */
  detach(): void
}

/** Connect the terminal of a container with the caller's: keys in (with `-i`), everything out, window size along. */
export function attachTerminal(container: Container, interactive: boolean): Attached {
  const { terminal } = container
  if (terminal === null) throw new Error('The container has no terminal')
  const undo: (() => void)[] = []
  if (interactive) {
    undo.push(enterRawMode(0))
    process.stdin.pipe(terminal, { end: false })
    undo.push(() => letGo(process.stdin, terminal))
  }
  const screen = isatty(0) ? 0 : 1
  if (isatty(screen)) undo.push(followWindowSize(screen, ({ rows, columns }) => terminal.resize(rows, columns)))
  // Nobody reads any more (`iso run -t host yes | head`): that is a hang-up, for the program too.
  const hangUp = (): void => {
    terminal.destroy()
    container.stop().catch(() => undefined) // who awaits the end of the container is told
  }
  return { drained: copyOut(terminal, process.stdout, hangUp), detach: () => undo.splice(0).forEach((one) => one()) }
}

/** Copy where a stream is a pipe, because the caller's is a terminal; the end of the input reaches the program as such. */
export function attachStreams({ stdin, stdout, stderr }: Container): Attached {
  const undo: (() => void)[] = []
  if (stdin !== null) {
    stdin.on('error', () => undefined) // the program has closed its end
    process.stdin.pipe(stdin)
    undo.push(() => letGo(process.stdin, stdin))
  }
  const copies = [
    ...(stdout === null ? [] : [copyOut(stdout, process.stdout)]),
    ...(stderr === null ? [] : [copyOut(stderr, process.stderr)]),
  ]
  return { drained: Promise.all(copies).then(() => undefined), detach: () => undo.splice(0).forEach((one) => one()) }
}

async function copyOut(from: Readable, to: Writable, unread: () => void = () => void from.resume()): Promise<void> {
  to.on('error', unread)
  from.pipe(to, { end: false })
  await finished(from, { writable: false }).catch(() => undefined)
}

function letGo(from: Readable, to: Writable): void {
  from.unpipe(to)
  from.pause()
}
