import type { Step } from '@iso/native'

/** Say whose steps these are, where no other package has said so. They were made for this plan alone, so they are marked in place. */
export function ours(steps: Step[]): Step[] {
  for (const step of steps) step.origin ??= '@iso/runtime'
  return steps
}
