// A full container from a running Node, start to exit: back to back, and each after 30 ms of idleness.
import { timeContainer } from '../lib/launching.mjs'
import { takeTurns } from '../lib/pairs.mjs'
import { compare, figures } from '../lib/row.mjs'

export const what = '`launch()` of a full container, start to exit of a static `true`'

export async function run({ runs, make, floor, peers }) {
  const ways = { 'back to back': { idle: false, atMost: 0.25 }, 'after idleness': { idle: true, atMost: 0.2 } }
  const result = { figures: [], ratios: [], notes: [] }
  for (const [way, { idle, atMost }] of Object.entries(ways)) {
    const contenders = { iso: () => timeContainer(make), floor: () => floor.run() }
    for (const peer of ['crun', 'runc', 'bwrap'])
      if (peers.has(peer)) contenders[peer] = () => peers.call('run', { peer })
    const taken = await takeTurns(contenders, { runs, idle, shares: { runc: 0.3, bwrap: 0.5 } })
    result.figures.push(...figures(taken, `, ${way}`))
    const [ours, least] = [taken['iso.exit'].values, taken['floor.exit'].values]
    if (taken.crun) result.ratios.push(compare(`to crun, ${way}`, ours, taken.crun.values, { atMost }))
    result.ratios.push(compare(`to the C floor, ${way}`, ours, least, { atMost: 1.25 }))
    if (taken.crun)
      result.ratios.push(
        compare(`until all is removed, to crun, ${way}`, taken['iso.closed'].values, taken.crun.values)
      )
    for (const peer of ['runc', 'bwrap'])
      if (taken[peer]) result.ratios.push(compare(`to ${peer}, ${way}`, ours, taken[peer].values))
  }
  for (const peer of ['crun', 'runc', 'bwrap']) if (!peers.has(peer)) result.notes.push(peers.why(peer))
  result.notes.push(
    '`iso.exit` is until the status is known, `iso.closed` until mounts and cgroups are gone; a peer ends when both are done.',
    'The peers get their overlay ready-made. bwrap makes no cgroups.',
    'The C floor takes its own time: no message to it or from it is counted.'
  )
  return result
}
