// docker, where its daemon runs. Its image is made from the benchmark's own program: nothing is pulled.
import { spawnSync } from 'node:child_process'

import { installed } from '../../scripts/lib/command.mjs'
import { timeSpawn } from './spawn.mjs'

const IMAGE = 'iso-bench:latest'

/** @param {string} program path of the static program that the image holds */
export async function docker(program) {
  if (!installed('docker')) return { why: 'docker is not installed' }
  if (spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 5000 }).status !== 0)
    return { why: 'docker is installed, its daemon does not run' }
  const made = spawnSync(
    'sh',
    ['-c', `tar -C "$(dirname "$0")" -c "$(basename "$0")" | docker import - ${IMAGE}`, program],
    { encoding: 'utf8' }
  )
  if (made.status !== 0) return { why: `docker cannot make an image: ${made.stderr.trim()}` }
  return { run: () => timeSpawn(['docker', 'run', '--rm', '--network', 'none', IMAGE, '/true']) }
}
