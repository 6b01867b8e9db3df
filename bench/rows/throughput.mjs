// Containers a second, 1, 4 and 16 at once from one Node.
import { timeContainer } from '../lib/launching.mjs'
import { compare, figures } from '../lib/row.mjs'

export const what = 'containers a second, several at once from one Node'

export async function run({ runs, make, peers }) {
  const result = { figures: [], ratios: [], notes: [] }
  const total = 32
  const rounds = Math.max(4, Math.round(runs / 20))
  for (const width of [1, 4, 16]) {
    const taken = { iso: { values: [] }, crun: { values: [] } }
    for (let round = 0; round <= rounds; round++) {
      const ms = {
        iso: await many(make, width, total),
        crun: peers.has('crun') ? await peers.call('many', { peer: 'crun', width, total }) : NaN,
      }
      for (const name of ['iso', 'crun']) {
        const perSecond = (total / ms[name]) * 1000
        taken[name].first ??= perSecond
        if (round > 0) taken[name].values.push(perSecond)
      }
    }
    if (!peers.has('crun')) delete taken.crun
    result.figures.push(...figures(taken, `, ${width} at once`, '1/s'))
    if (taken.crun)
      result.ratios.push(compare(`to crun, ${width} at once`, taken.iso.values, taken.crun.values, { atLeast: 3.5 }))
  }
  if (!peers.has('crun')) result.notes.push(peers.why('crun'))
  result.notes.push(
    `Rounds of ${total} containers, each counted until everything is removed. More is better: p99 and min are not the worst here.`
  )
  return result
}

async function many(make, width, total) {
  let left = total
  const lane = async () => {
    while (left-- > 0) await timeContainer(make)
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: width }, lane))
  return performance.now() - start
}
