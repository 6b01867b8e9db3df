// One thing the doctor looked at.

/** What was looked at belongs under one of these headings. */
export const AREAS = [
  'machine',
  'privilege',
  'namespaces',
  'users',
  'cgroups',
  'files',
  'filter',
  'container',
  'risk',
] as const

/** Heading of a check. */
export type Area = (typeof AREAS)[number]

/**
 * `ok`: as it should be. `note`: worth knowing. `missing`: something a container cannot have here. `risk`: the host is weaker than it
 * could be. `broken`: no container can run.
 */
export type Status = 'ok' | 'note' | 'missing' | 'risk' | 'broken'

/** What was found, and what helps. */
export interface Check {
  area: Area
  /** Stable name, such as `cgroup-memory`. */
  name: string
  status: Status
  /** What was found. */
  found: string
  /** What follows from it, where that is not good. */
  cause?: string
  /** What helps. */
  remedy?: string
}

/** Make checks of one area. */
export function checksOf(area: Area): {
  ok: (name: string, found: string) => Check
  bad: (status: Exclude<Status, 'ok'>, name: string, found: string, cause: string, remedy?: string) => Check
} {
  return {
    ok: (name, found) => ({ area, name, status: 'ok', found }),
    bad: (status, name, found, cause, remedy) => ({
      area,
      name,
      status,
      found,
      cause,
      ...(remedy === undefined ? {} : { remedy }),
    }),
  }
}
