// How long the command takes beside Node alone: medians of alternating runs. `node scripts/start-up.mjs [RUNS]`
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const runs = Number(process.argv[2] ?? 25)
const path = (name) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url))
const bundle = path('iso.cjs')
if (!existsSync(bundle)) throw new Error('There is no bundle: npm run build -w @iso/cli')

const env = { ...process.env, NODE_EXTRA_CA_CERTS: '' } // Node would read it at every start
const cases = {
  'node -e 0': ['-e', '0'],
  'iso --version': [bundle, '--version'],
  'iso run host true': [bundle, 'run', 'host', 'true'],
  'iso run host true, not bundled': [path('main.js'), 'run', 'host', 'true'],
}
const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]))
for (let i = 0; i < runs; i++) {
  for (const [name, argv] of Object.entries(cases)) {
    const start = performance.now()
    const { status, stderr } = spawnSync(process.execPath, argv, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`)
    times[name].push(performance.now() - start)
  }
}
for (const [name, all] of Object.entries(times)) {
  all.sort((a, b) => a - b)
  console.log(`${name.padEnd(32)} ${all[Math.floor(all.length / 2)].toFixed(1).padStart(7)} ms`)
}
