import { existsSync, readFileSync } from 'node:fs'

/** The end of what the guest's kernel has said. */
export function logTail(path, lines = 25) {
  if (!existsSync(path)) return '  (nothing)'
  const all = readFileSync(path, 'utf8').replaceAll('\r', '').trimEnd().split('\n')
  return all
    .slice(-lines)
    .map((line) => `  ${line}`)
    .join('\n')
}
