// `run()` of @iso/runtime: the same container from Docker's options, with its receipt, output collected; from a directory, and from
// the built-in image `host`.
import { run as runContainer } from '../../packages/runtime/dist/index.js'
import { LIMITS } from '../lib/docker-defaults.mjs'
import { takeTurns } from '../lib/pairs.mjs'
import { compare, figures } from '../lib/row.mjs'

export const what = '`run()` of @iso/runtime, start to result of a static `true`'

export async function run({ runs, peers, scratch, programs }) {
  const { memory, pids, cpus } = LIMITS
  const options = { memory, pids, cpus, network: 'none' }
  const contenders = {
    'run, directory': () => time(['/bin/true'], { ...options, rootfs: scratch.rootfs }),
    'run, host': () =>
      time([programs.true], { ...options, image: 'host', binds: [`${programs.true}:${programs.true}:ro`] }),
  }
  if (peers.has('crun')) contenders.crun = () => peers.call('run', { peer: 'crun' })
  const taken = await takeTurns(contenders, { runs, idle: false })
  const ratios =
    taken.crun === undefined
      ? []
      : ['run, directory', 'run, host'].map((name) =>
          compare(`${name.slice(5)}, to crun`, taken[name].values, taken.crun.values)
        )
  return { figures: figures(taken), ratios, notes: peers.has('crun') ? [] : [peers.why('crun')] }
}

async function time(argv, options) {
  const start = performance.now()
  const { exitCode } = await runContainer(argv, options)
  const ms = performance.now() - start
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with status ${exitCode}`)
  return ms
}
