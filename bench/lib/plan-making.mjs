// Making a plan, apart from everything else. Run alone it prints how long the first one took, in ms.
import process from 'node:process'
import { fileURLToPath } from 'node:url'

import { encode, link } from '../../native/dist/index.js'
import { planContainer } from '../../packages/runtime/dist/index.js'
import { containerMaker } from './container.mjs'
import { LIMITS } from './docker-defaults.mjs'

const program = { argv: ['/bin/true'], env: ['PATH=/bin'] }

/** From the primitives of the other rows, and from Docker's options by @iso/runtime. @returns functions that make one plan, to its bytes */
export function planMakers(rootfs) {
  const make = containerMaker(rootfs)
  const { memory, pids, cpus } = LIMITS
  const options = { rootfs, memory, pids, cpus, network: 'none' }
  return {
    primitives: () => encode(link(make()), program),
    runtime: () => encode(link(planContainer(['/bin/true'], options).steps), program),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const make = planMakers(process.argv[2])[process.argv[3]]
  const start = performance.now()
  make()
  console.log(performance.now() - start)
}
