import type { NamespaceName } from '@iso/native'

import { NAMESPACE_NAMES, NAMESPACES } from '../table.js'

/** @returns the types, each once. @throws TypeError naming an unknown one. */
export function checkTypes(what: string, types: readonly NamespaceName[]): NamespaceName[] {
  for (const type of types) {
    if (!Object.hasOwn(NAMESPACES, type)) {
      throw new TypeError(`Cannot ${what}: ${JSON.stringify(type)} is no type; wanted ${NAMESPACE_NAMES.join(', ')}`)
    }
  }
  return [...new Set(types)]
}

/** @returns the path. @throws TypeError where it is not absolute, or holds a NUL byte. */
export function absolute(what: string, path: string): string {
  if (typeof path !== 'string' || !path.startsWith('/') || path.includes('\0')) {
    throw new TypeError(`Cannot ${what}: ${JSON.stringify(path)} is no absolute path`)
  }
  return path
}
