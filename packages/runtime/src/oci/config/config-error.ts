/** What is wrong in a bundle: the place as a JSON path, and the value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(
    /** Such as `$.linux.namespaces[0].type`. */
    readonly place: string,
    problem: string
  ) {
    super(`${place}: ${problem}`)
  }
}

/** `/mounts/0/options` as `$.mounts[0].options`. */
export function jsonPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) =>
        path +
        (/^\d+$/.test(part) ? `[${part}]` : /^[A-Za-z_]\w*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`),
      '$'
    )
}
