// Making a plan, apart from everything else. Run alone it prints how long the first one took, in ms.
import process from 'node:process'
import { fileURLToPath } from 'node:url'

import { encode, link } from '../../native/dist/index.js'
import { containerMaker } from './container.mjs'

export const planMaker = containerMaker

/** Steps, plan, bytes. */
export const makePlan = (make) => encode(link(make()), { argv: ['/bin/true'], env: ['PATH=/bin'] })

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const make = containerMaker(process.argv[2])
  const start = performance.now()
  makePlan(make)
  console.log(performance.now() - start)
}
