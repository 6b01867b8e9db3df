// --format table|json, the same for every command that reports something.

import { Option } from 'commander'

import { print } from './write.js'

/** The option. */
export const formatOption = (): Option =>
  new Option('--format <form>', 'for people or for programs').choices(['table', 'json']).default('table')

/** Print a value as JSON: indented, bigints as decimal text, because a number would lose digits. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? one.toString() : one), 2))
}
