// An error in the words that engines look for: podman, containerd and Docker tell causes apart by the text.

/** One line. */
export function messageOf(error: unknown): string {
  const { code, message, path } = error as { code?: unknown; message?: string; path?: string }
  const said = String(message ?? error).replaceAll('\n', ' ')
  const program = JSON.stringify(path ?? '')
  if (code === 'ISO_NOT_FOUND')
    return path?.includes('/')
      ? `exec: ${program}: stat ${path}: no such file or directory: ${said}`
      : `exec: ${program}: executable file not found in $PATH: ${said}`
  if (code === 'ISO_NOT_EXECUTABLE') return `exec: ${program}: permission denied: ${said}`
  return said
}
