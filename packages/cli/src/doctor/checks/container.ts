import { start } from '@iso/runtime'

import { describe } from '../../errors/report.js'
import { checksOf, type Check } from '../check.js'

const { ok, bad } = checksOf('container')

/** The proof: a whole container, started and ended. */
export async function checkContainer(): Promise<Check[]> {
  const before = performance.now()
  try {
    await using container = await start(['true'], {
      image: 'host',
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
      timeout: '10s',
    })
    const { exitCode, signal } = await container.wait()
    const took = `${(performance.now() - before).toFixed(1)} ms, the first one of this process`
    if (exitCode === 0) return [ok('run', `ran true in the image host in ${took}`)]
    return [
      bad(
        'broken',
        'run',
        `true ended with ${signal ?? exitCode}`,
        'programs do not run as they should in a container'
      ),
    ]
  } catch (error) {
    return [
      bad(
        'broken',
        'run',
        describe(error),
        'no container can run',
        'see what is missing above; ISO_DEBUG=1 iso run host true shows the step'
      ),
    ]
  }
}
