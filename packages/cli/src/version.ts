// The version, from package.json: main.js and the bundle both stand one directory below it.

import { readFileSync } from 'node:fs'

/** The version of this package, such as `0.1.0`. */
export function version(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version
}
