// Descriptors of the caller that the program gets: --preserve-fds and socket activation (LISTEN_FDS).

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { IsoError, type Step } from '@iso/native'

/** What goes to the program. */
export interface InheritedFds {
  steps: Step[]
  fds: Record<string, number>
  env: Record<string, string>
}

const FIRST = 3

/** @throws IsoError `ISO_PRESERVE_FDS` for one the caller did not hand to this process. */
export function inheritedFds(preserve: number, environment: NodeJS.ProcessEnv = process.env): InheritedFds {
  const listen = /^\d+$/.test(environment['LISTEN_FDS'] ?? '') ? Number(environment['LISTEN_FDS']) : 0
  const numbers = Array.from({ length: listen + preserve }, (_, i) => FIRST + i)
  for (const number of numbers) checkInherited(number)
  const names = environment['LISTEN_FDNAMES']
  return {
    steps: numbers.map((number) => ({ op: 'inheritFd', slot: `fd:${number}`, number, why: 'asked for' })),
    fds: Object.fromEntries(numbers.map((number) => [`fd:${number}`, number])),
    env:
      listen === 0
        ? {}
        : { LISTEN_FDS: `${listen}`, LISTEN_PID: '1', ...(names !== undefined && { LISTEN_FDNAMES: names }) },
  }
}

// Node marks whatever it inherits close-on-exec, so that flag tells nothing. Its own descriptors begin behind those that were inherited:
// event polls and counters, and pipes of which it holds both ends.
function checkInherited(number: number): void {
  const kind = linkOf(number)
  const own =
    kind === undefined ||
    /^anon_inode:\[(?:eventpoll|eventfd|io_uring)\]$/.test(kind) ||
    (kind.startsWith('pipe:') && isPair(kind))
  if (own) throw new IsoError('ISO_PRESERVE_FDS', `Cannot preserve descriptor ${number}: it is not open here`)
}

const FDS = '/proc/self/fd'

function linkOf(fd: number | string): string | undefined {
  try {
    return readlinkSync(`${FDS}/${fd}`)
  } catch {
    return undefined
  }
}

// One end to read and one to write.
function isPair(kind: string): boolean {
  const modes = readdirSync(FDS)
    .filter((fd) => linkOf(fd) === kind)
    .map((fd) => /^flags:\s+[0-7]*([0-7])$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1])
  return modes.includes('0') && modes.includes('1')
}
