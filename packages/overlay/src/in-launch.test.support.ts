// Programs under steps, for tests.

import { text } from 'node:stream/consumers'

import { IsoError, launch, type LaunchOptions, type Step } from '@iso/native'

/** Run a shell script under steps; what it printed, errors included. */
export async function run(script: string, steps: Step[], options: LaunchOptions = {}): Promise<string> {
  await using child = await launch(['/bin/sh', '-c', `exec 2>&1; ${script}`], steps, {
    env: { PATH: '/usr/bin:/bin' },
    ...options,
  })
  const output = await text(child.stdout as NodeJS.ReadableStream)
  await child.exit
  return output
}

/** The refusal of a launch. */
export const failure = async (steps: Step[]): Promise<IsoError> => {
  try {
    await using child = await launch(['/bin/true'], steps)
    await child.exit
  } catch (error) {
    if (error instanceof IsoError) return error
    throw error
  }
  throw new Error('Cannot find the expected failure: the program ran')
}
