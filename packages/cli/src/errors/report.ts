// One line on standard error for whatever went wrong; the stack only for those who ask for it.

import { IsoError } from '@iso/native'
import { CommanderError } from 'commander'

import { refusal } from '../options/refused.js'
import { complain } from '../output/write.js'
import { exitCodeOfError, FAILED } from './exit-code.js'

const BROKEN_PIPE = 141 // what a program ended by SIGPIPE has

/**
 * Say what went wrong, as `iso: what; what helps`.
 *
 * @returns the exit status.
 */
export function report(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0 // help was asked for, and printed
  if (isErrno(error) && error.code === 'EPIPE' && error.syscall === 'write') return BROKEN_PIPE
  complain(`iso: ${describe(error)}`)
  if (process.env['ISO_DEBUG'] === '1') complain(details(error))
  return error instanceof CommanderError ? FAILED : exitCodeOfError(error)
}

/** The line for an error, without the name of the program. */
export function describe(error: unknown): string {
  if (error instanceof CommanderError) return usage(error)
  if (!(error instanceof Error)) return oneLine(String(error))
  const expected =
    error instanceof IsoError || error instanceof TypeError || error instanceof RangeError || isErrno(error)
  return `${oneLine(error.message)}${expected ? '' : '; this should not happen: ISO_DEBUG=1 shows where it did'}`
}

function usage({ code, message }: CommanderError): string {
  const [what = '', ...more] = message.replace(/^error: /, '').split('\n')
  const flag = /'(-[^'=]*)/.exec(what)?.[1]
  const reason = code === 'commander.unknownOption' && flag !== undefined ? refusal(flag) : undefined
  if (reason !== undefined && flag !== undefined) return `${flag} is not supported: ${reason}`
  return [oneLine(what), ...more.map((line) => line.replace(/^\((.*)\)$/, '$1'))]
    .filter((part) => part !== '')
    .join('; ')
}

const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, '; ')

function details(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const step = error instanceof IsoError && error.step !== undefined ? `\nstep: ${JSON.stringify(error.step)}` : ''
  const cause = error.cause === undefined ? '' : `\ncause: ${details(error.cause)}`
  return `${error.stack ?? error.message}${step}${cause}`
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}
