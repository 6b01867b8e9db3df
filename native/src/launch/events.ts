// The messages of a supervisor and the commands it takes; mirrors init/events.h.

import { constants } from 'node:os'

/** What a supervisor tells. @internal */
export type SupervisorEvent =
  | { kind: 'started'; pid: number }
  | { kind: 'failed'; index: number; errno: number; syscall: string; path: string; note: string }
  | { kind: 'pty' }
  | { kind: 'parked'; pid: number }
  | { kind: 'exited'; exit: RawExit }
  | { kind: 'done'; errno: number; index: number }
  | { kind: 'callback'; name: string }
  | { kind: 'trace'; times: [index: number, ns: bigint][] }
  | { kind: 'listener' }

/** The exit of the container process as the supervisor saw it. @internal */
export interface RawExit {
  exited: boolean
  status: number
  cause: Cause
  userUs: number
  systemUs: number
  /** CLOCK_MONOTONIC, ns: request received, parent steps done, cloned, ready to execute, executing, exited. */
  receivedNs: bigint
  preparedNs: bigint
  clonedNs: bigint
  readyNs: bigint
  startedNs: bigint
  exitedNs: bigint
  receipt: Record<string, Buffer>
}

/** Why the supervisor ended the container; `none` where it did not. @internal */
export type Cause = 'none' | 'timeout' | 'output-limit' | 'aborted'
const CAUSES: readonly Cause[] = ['none', 'timeout', 'output-limit', 'aborted']

const CLD_EXITED = 1

/** @internal */
export function parseEvent(data: Buffer): SupervisorEvent {
  switch (data.readUInt32LE(0)) {
    case 1:
      return { kind: 'started', pid: data.readUInt32LE(4) }
    case 2: {
      const [syscall = '', path = '', note = ''] = data.toString('utf8', 16).split('\0')
      return { kind: 'failed', index: data.readUInt32LE(4), errno: data.readUInt32LE(8), syscall, path, note }
    }
    case 3:
      return { kind: 'pty' }
    case 4:
      return { kind: 'parked', pid: data.readUInt32LE(4) }
    case 5:
      return { kind: 'exited', exit: parseExit(data) }
    case 6:
      return { kind: 'done', errno: data.readUInt32LE(4), index: data.readUInt32LE(8) }
    case 7:
      return { kind: 'callback', name: data.toString('utf8', 4).replace(/\0.*$/s, '') }
    case 8: {
      const times: [number, bigint][] = []
      for (let at = 8; at + 16 <= data.length; at += 16)
        times.push([Number(data.readBigUInt64LE(at)), data.readBigUInt64LE(at + 8)])
      return { kind: 'trace', times }
    }
    case 9:
      return { kind: 'listener' }
    default:
      throw new Error(`Unknown event ${data.readUInt32LE(0)} of iso-init`)
  }
}

function parseExit(data: Buffer): RawExit {
  const ns = (i: number) => data.readBigUInt64LE(24 + i * 8)
  return {
    exited: data.readUInt32LE(4) === CLD_EXITED,
    status: data.readUInt32LE(8),
    cause: CAUSES[data.readUInt32LE(12)] ?? 'none',
    userUs: Number(ns(0)),
    systemUs: Number(ns(1)),
    receivedNs: ns(2),
    preparedNs: ns(3),
    clonedNs: ns(4),
    readyNs: ns(5),
    startedNs: ns(6),
    exitedNs: ns(7),
    receipt: parseReceipt(data, data.readUInt32LE(16)),
  }
}

function parseReceipt(data: Buffer, count: number): Record<string, Buffer> {
  const receipt: Record<string, Buffer> = {}
  let at = 24 + 64
  for (let i = 0; i < count; i++) {
    const labelLength = data.readUInt32LE(at)
    const size = data.readUInt32LE(at + 4)
    const label = data.toString('utf8', at + 8, at + 8 + labelLength)
    at += 8 + labelLength
    receipt[label] = Buffer.from(data.subarray(at, at + size))
    at += size
  }
  return receipt
}

function command(kind: number, value = 0, cause = 0): Uint8Array {
  const message = Buffer.alloc(12)
  message.writeUInt32LE(kind, 0)
  message.writeUInt32LE(value, 4)
  message.writeUInt32LE(cause, 8)
  return message
}

/** @internal */
export const killCommand = (signal: number, cause: Cause = 'none'): Uint8Array =>
  command(1, signal, CAUSES.indexOf(cause))
/** @internal */
export const detachCommand = (): Uint8Array => command(2)
/** @internal */
export const startCommand = (): Uint8Array => command(3)
/** @internal */
export const replyCommand = (errno: number): Uint8Array => command(4, errno)

/** The number of a signal. @internal */
export function signalNumber(signal: NodeJS.Signals | number): number {
  const number = typeof signal === 'number' ? signal : (constants.signals as Record<string, number | undefined>)[signal]
  if (number === undefined || !Number.isInteger(number) || number < 0 || number > 64)
    throw new TypeError(
      `Cannot send a signal: '${String(signal)}' is unknown; wanted a name such as 'SIGTERM' or a number from 0 to 64`
    )
  return number
}

/** The name of a signal number; real-time ones come back as `SIG35`. @internal */
export function signalName(number: number): NodeJS.Signals {
  const found = Object.entries(constants.signals).find(([, n]) => n === number)
  return (found?.[0] ?? `SIG${number}`) as NodeJS.Signals
}
