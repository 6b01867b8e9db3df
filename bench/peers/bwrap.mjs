// bubblewrap has no cgroups, no masks of single files by default and takes a compiled filter: what it can do of the same container.
import { closeSync, existsSync, openSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { compile } from '../../packages/seccomp/dist/index.js'
import { installed } from '../../scripts/lib/command.mjs'
import { CAPABILITIES, ENVIRONMENT, MASKED, READONLY } from '../lib/docker-defaults.mjs'
import { check, timeSpawn } from './spawn.mjs'

/** @param {{ directory: string, merged: string }} scratch */
export async function bubblewrap(scratch) {
  if (!installed('bwrap')) return { why: 'bwrap is not installed' }
  const filter = join(scratch.directory, 'filter.bpf')
  writeFileSync(filter, compile('default', { caps: CAPABILITIES }))
  const argv = [
    'bwrap',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup',
    '--die-with-parent',
    '--hostname',
    'box',
    '--clearenv',
    ...Object.entries(ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value]),
    '--bind',
    scratch.merged,
    '/',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--mqueue',
    '/dev/mqueue',
    '--ro-bind',
    '/sys',
    '/sys',
    ...MASKED.filter(existsSync).flatMap((path) =>
      statSync(path).isDirectory() ? ['--tmpfs', path] : ['--bind', '/dev/null', path]
    ),
    ...READONLY.filter(existsSync).flatMap((path) => ['--ro-bind', path, path]),
    '--cap-drop',
    'ALL',
    ...CAPABILITIES.flatMap((name) => ['--cap-add', name]),
  ]
  const program = ['/bin/true']
  try {
    await check([...argv, ...program])
  } catch (error) {
    return { why: `bwrap cannot run here: ${error.message.slice(-200)}` }
  }
  // Each run reads the filter from descriptor 3, so each gets a fresh one.
  const run = async () => {
    const fd = openSync(filter, 'r')
    try {
      return await timeSpawn([...argv, '--seccomp', '3', ...program], { stdio: ['ignore', 'ignore', 'ignore', fd] })
    } finally {
      closeSync(fd)
    }
  }
  return { run, lane: () => run }
}
