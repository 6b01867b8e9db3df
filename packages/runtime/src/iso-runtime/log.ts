// Messages: for whoever reads --log (containerd, podman), and for standard error.

import { appendFileSync, writeSync } from 'node:fs'
import type { Globals } from './globals.js'

/** Say something where the caller wants it. */
export function log(
  { log: file, logFormat }: Pick<Globals, 'log' | 'logFormat'>,
  level: 'error' | 'warning',
  message: string
): void {
  const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const line =
    logFormat === 'json'
      ? JSON.stringify({ level, msg: message, time })
      : `time=${JSON.stringify(time)} level=${level} msg=${JSON.stringify(message)}`
  if (file === undefined) return print(2, `${line}\n`)
  try {
    appendFileSync(file, `${line}\n`)
  } catch (error) {
    print(2, `${line}\ncannot write to the log ${JSON.stringify(file)}: ${(error as Error).message}\n`)
  }
  // An engine shows what it finds on standard error.
  if (level === 'error') print(2, `${message}\n`)
}

/** Write all of it, now: streams of Node would make the descriptor of the caller non-blocking. */
export function print(fd: 1 | 2, text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(fd, bytes, done)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
    }
  }
}
