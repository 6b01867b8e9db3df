// The whole `iso run`, process start to process end, against `docker run` and a plain `crun run`.
import { existsSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

import { takeTurns } from '../lib/pairs.mjs'
import { compare, figures } from '../lib/row.mjs'
import { check } from '../peers/spawn.mjs'

export const what = '`iso run host true`, whole process'

const CLI = new URL('../../packages/cli/', import.meta.url)
const ISO = fileURLToPath(new URL(JSON.parse(readFileSync(new URL('package.json', CLI), 'utf8')).bin.iso, CLI))

export async function run({ runs, peers }) {
  const notes = []
  const argv = [process.execPath, ISO, 'run', 'host', 'true']
  if (!existsSync(ISO)) return { figures: [], ratios: [], notes: ['packages/cli is not built'] }
  try {
    await check(argv)
  } catch (error) {
    return { figures: [], ratios: [], notes: [`not measured: ${error.message.slice(0, 300)}`] }
  }
  const contenders = {
    iso: () => peers.call('spawn', { argv }),
    'node -e 0': () => peers.call('spawn', { argv: [process.execPath, '-e', '0'] }),
  }
  if (peers.has('crun')) contenders.crun = () => peers.call('run', { peer: 'crun' })
  if (peers.has('docker')) contenders.docker = () => peers.call('run', { peer: 'docker' })
  else notes.push(peers.why('docker'))
  const taken = await takeTurns(contenders, { runs, idle: false })
  const ratios = Object.keys(contenders)
    .filter((name) => name !== 'iso')
    .map((name) =>
      compare(
        `to ${name === 'docker' ? 'docker run' : name}`,
        taken.iso.values,
        taken[name].values,
        name === 'docker' ? { atMost: 0.35 } : {}
      )
    )
  return { figures: figures(taken), ratios, notes }
}
