// Profiles that cannot change any more: their filters are found by identity.

const FROZEN = new WeakSet<object>()

/** Freeze a profile with everything in it and remember that it is. */
export function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object)
  FROZEN.add(value)
  return Object.freeze(value)
}

/** True for what `deepFreeze` returned. */
export function isDeepFrozen(value: object): boolean {
  return FROZEN.has(value)
}
