import type { Step } from '@iso/native'

/** Whose steps these are, where no other package has said so. */
export function ours(steps: readonly Step[]): Step[] {
  return steps.map((step) => (step.origin === undefined ? { ...step, origin: '@iso/runtime' } : step))
}
