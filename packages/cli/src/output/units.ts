// Quantities for people. Programs get the plain numbers.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** Bytes with a unit, such as `1.5 MiB`; `-` where there is no figure, `no limit` for null. */
export function bytes(value: number | null | undefined): string {
  if (value === undefined) return '-'
  if (value === null) return 'no limit'
  let step = 0
  let rest = value
  while (rest >= 1024 && step < UNITS.length - 1) {
    rest /= 1024
    step++
  }
  return `${step === 0 || Number.isInteger(rest) ? rest : rest.toFixed(1)} ${UNITS[step]}`
}

/** Microseconds as seconds, such as `1.204 s`; `-` where there is no figure. */
export function seconds(us: number | undefined): string {
  return us === undefined ? '-' : `${(us / 1e6).toFixed(3)} s`
}

/** A count; `-` where there is no figure, `no limit` for null. */
export function count(value: number | null | undefined): string {
  return value === undefined ? '-' : value === null ? 'no limit' : String(value)
}
