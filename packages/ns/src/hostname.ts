import type { Step } from '@iso/native'

const MAX_BYTES = 64 // __NEW_UTS_LEN

/**
 * Set the host name of the program's UTS namespace with sethostname(2).
 *
 * @param name - 1 to 64 bytes; letters, digits, `-`, `.` and `_`.
 * @throws TypeError for other characters, RangeError for more bytes.
 * @remarks Needs a new `uts` namespace, or it is the host's name that changes; CAP_SYS_ADMIN over it.
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { hostname, namespaces } from '@iso/ns'
 * await using child = await launch(['hostname'], [...namespaces('uts'), ...hostname('box')], { stdout: 'inherit' }) // box
 * await child.exit
 * ```
 * @see https://man7.org/linux/man-pages/man2/sethostname.2.html
 */
export function hostname(name: string): Step[] {
  return [{ origin: '@iso/ns', op: 'hostname', name: checkName('host name', name) }]
}

/**
 * Set the NIS domain name of the program's UTS namespace with setdomainname(2). DNS does not use it.
 *
 * @param name - 1 to 64 bytes; letters, digits, `-`, `.` and `_`.
 * @throws TypeError for other characters, RangeError for more bytes.
 * @remarks As {@link hostname}.
 * @see https://man7.org/linux/man-pages/man2/setdomainname.2.html
 */
export function domainname(name: string): Step[] {
  return [{ origin: '@iso/ns', op: 'domainname', name: checkName('domain name', name) }]
}

function checkName(what: string, name: string): string {
  if (typeof name !== 'string' || !/^[\w.-]+$/.test(name)) {
    throw new TypeError(`Cannot set the ${what}: ${JSON.stringify(name)} is no name; wanted letters, digits, - . _`)
  }
  if (name.length > MAX_BYTES) {
    throw new RangeError(
      `Cannot set the ${what}: ${JSON.stringify(name)} has ${name.length} bytes; the kernel takes ${MAX_BYTES}`
    )
  }
  return name
}
