// An error in the words that engines look for: podman, containerd and Docker tell causes apart by the text.

import type { IsoError } from '@iso/native'

/** One line. */
export function messageOf(error: unknown): string {
  const { message, path, step, errnoName } = error as Partial<IsoError>
  const looked = step?.op === 'findProgram'
  const code = !looked
    ? (error as Partial<IsoError>).code
    : errnoName === 'EACCES'
      ? 'ISO_NOT_EXECUTABLE'
      : 'ISO_NOT_FOUND'
  const said = String(message ?? error).replaceAll('\n', ' ')
  const program = JSON.stringify(path ?? '')
  if (code === 'ISO_NOT_FOUND')
    return path?.includes('/')
      ? `exec: ${program}: stat ${path}: no such file or directory: ${said}`
      : `exec: ${program}: executable file not found in $PATH: ${said}`
  if (code === 'ISO_NOT_EXECUTABLE') return `exec: ${program}: permission denied: ${said}`
  return said
}
