// Backslash escapes of overlay mount options.

/**
 * Escape a path for the option string of `mount(2)`: `lowerdir=a:b,upperdir=c`.
 *
 * The kernel splits that string at `,`, splits `lowerdir` at `:`, and takes a backslash as the escape of both and of
 * itself. Not for values of `fsconfig(2)` `lowerdir+`, which are taken as they are.
 *
 * @param path any path, relative or absolute, without NUL bytes
 * @returns the path with `\`, `:` and `,` escaped
 * @throws TypeError for a path with a NUL byte
 *
 * @example
 * ```ts
 * import { escapeOption } from '@iso/overlay'
 * console.log(`lowerdir=${['/srv/a:b', '/srv/c,d'].map(escapeOption).join(':')}`) // lowerdir=/srv/a\:b:/srv/c\,d
 * ```
 * @see https://docs.kernel.org/filesystems/overlayfs.html
 */
export function escapeOption(path: string): string {
  if (path.includes('\0')) throw new TypeError(`Cannot escape ${JSON.stringify(path)}: it holds a NUL byte`)
  return path.replace(/[\\:,]/g, '\\$&')
}

/**
 * Undo {@link escapeOption} and split a `lowerdir` value, as found in `/proc/self/mountinfo`, into its directories.
 *
 * @param value value of `lowerdir=`, escapes included
 * @returns the directories, top first
 */
export function splitLowerdir(value: string): string[] {
  const directories = ['']
  for (let at = 0; at < value.length; at++) {
    const character = value.charAt(at)
    if (character === ':') directories.push('')
    else directories[directories.length - 1] += character === '\\' ? value.charAt(++at) : character
  }
  return directories
}
