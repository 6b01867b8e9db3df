// Where in the container something may be mounted.

import { absolutePath, show } from '../internal/check.js'

/** An absolute path inside that may be mounted on, without `.` and `..`. @throws TypeError for `/` and for what is not the caller's to replace. */
export function mountTarget(what: string, given: unknown): string {
  const path = absolutePath(what, given)
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw new TypeError(`Cannot mount at ${show(path)}: wanted a path without ".."`)
  if (parts.length === 0) throw new TypeError(`Cannot mount at ${show(path)}: it is the root`)
  // Something else on /proc would take the masks and the labels with it (CVE-2019-16884).
  if (parts[0] === 'proc') throw new TypeError(`Cannot mount at ${show(path)}: /proc must be the kernel's`)
  return `/${parts.join('/')}`
}
