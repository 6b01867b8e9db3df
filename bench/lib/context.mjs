// What every row gets: the programs, a root file system, our container, the peers and the floor.
import { shutdown } from '../../native/dist/index.js'
import { detectLayout } from '../../packages/cgroups/dist/index.js'

import { openFloor, removeParents } from '../peers/floor.mjs'
import { openPeers } from '../peers/host.mjs'
import { buildPrograms } from './build.mjs'
import { containerMaker } from './container.mjs'
import { describeMachine } from './machine.mjs'
import { makeScratch } from './scratch.mjs'

/** @param {number} runs of each contender */
export async function openContext(runs) {
  const machine = describeMachine()
  const programs = buildPrograms()
  const layout = detectLayout()
  const scratch = makeScratch(programs)
  const peers = await openPeers(scratch)
  const floor = await openFloor(programs, scratch, layout)
  return {
    machine,
    runs,
    programs,
    scratch,
    peers,
    floor,
    make: containerMaker(scratch.rootfs),
    async close() {
      await peers.close()
      await floor.close()
      shutdown()
      removeParents(layout)
      scratch.remove()
    },
  }
}
