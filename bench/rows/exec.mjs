// A second program in a running container: its namespaces, its cgroups, the same capabilities and filter.
import { launch } from '../../native/dist/index.js'
import { execSteps } from '../lib/exec-steps.mjs'
import { QUIET, startSleeping } from '../lib/launching.mjs'
import { takeTurns } from '../lib/pairs.mjs'
import { compare, figures } from '../lib/row.mjs'

export const what = '`exec` of `true` into a running container'

export async function run({ runs, make, peers, programs }) {
  if (programs.busybox === undefined)
    return { figures: [], ratios: [], notes: ['busybox is not installed: nothing sleeps in the container'] }
  const steps = make()
  const container = await startSleeping(() => steps)
  const again = execSteps(steps, container.pid)
  const iso = async () => {
    const start = performance.now()
    const child = await launch(['/bin/true'], again, QUIET)
    const { exitCode } = await child.exit
    const ms = performance.now() - start
    await child.close()
    if (exitCode !== 0) throw new Error(`exec of /bin/true ended with status ${exitCode}`)
    return ms
  }
  const contenders = { iso }
  const there = ['crun', 'runc'].filter((peer) => peers.has(peer))
  for (const peer of there) {
    await peers.call('startRunning', { peer })
    contenders[peer] = () => peers.call('exec', { peer })
  }
  try {
    const result = {
      figures: [],
      ratios: [],
      notes: ['crun', 'runc'].filter((peer) => !peers.has(peer)).map(peers.why),
    }
    for (const [way, idle] of [
      ['back to back', false],
      ['after idleness', true],
    ]) {
      const taken = await takeTurns(contenders, { runs, idle, shares: { runc: 0.3 } })
      result.figures.push(...figures(taken, `, ${way}`))
      if (taken.crun)
        result.ratios.push(compare(`to crun exec, ${way}`, taken.iso.values, taken.crun.values, { atMost: 0.2 }))
      if (taken.runc) result.ratios.push(compare(`to runc exec, ${way}`, taken.iso.values, taken.runc.values))
    }
    return result
  } finally {
    for (const peer of there) await peers.call('stopRunning', { peer })
    await container.close()
  }
}
