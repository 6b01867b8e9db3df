import { join } from 'node:path'

import { readIfPresent } from '../internal/files.js'
import { defined, parseNested } from '../internal/parse.js'
import type { Pressure, PressureLine, Stats } from '../stats.js'

/** Pressure of the group: cpu, memory and io. Linux 4.20 with PSI switched on; every v2 group has it, also beside v1 controllers. */
export async function stat(directory: string): Promise<Stats['pressure']> {
  const read = async (resource: string) => parsePressure(await readIfPresent(join(directory, `${resource}.pressure`)))
  const [cpu, memory, io] = await Promise.all([read('cpu'), read('memory'), read('io')])
  return cpu === undefined && memory === undefined && io === undefined
    ? undefined
    : defined<NonNullable<Stats['pressure']>>({ cpu, memory, io })
}

/** The text of a pressure file: `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`. */
export function parsePressure(text: string | undefined): Pressure | undefined {
  if (text === undefined || text === '') return undefined
  const rows = parseNested(text)
  return defined<Pressure>({ some: line(rows['some']), full: line(rows['full']) })
}

function line(row: Record<string, number> | undefined): PressureLine | undefined {
  return (
    row && {
      avg10: row['avg10'] ?? 0,
      avg60: row['avg60'] ?? 0,
      avg300: row['avg300'] ?? 0,
      totalUs: row['total'] ?? 0,
    }
  )
}
