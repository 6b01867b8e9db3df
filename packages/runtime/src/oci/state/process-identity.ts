// A process that cannot be taken for a later one of the same number: the number and the time it began.

import { readFileSync } from 'node:fs'

/** What /proc says of a process. */
export interface ProcessStat {
  /** Clock ticks from the start of the machine, as proc_pid_stat(5) field 22 has it. */
  startTime: string
  /** It has not ended: neither a zombie nor dead. */
  alive: boolean
}

/** undefined where there is no such process. */
export function processStat(pid: number): ProcessStat | undefined {
  let text
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  // The name stands in parentheses and may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { startTime: fields[19] ?? '', alive: fields[0] !== 'Z' && fields[0] !== 'X' }
}
