// `npm run quickstart`: set up a fresh clone, then run a container that shows its own isolation.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { hostname } from 'node:os'

import { ROOT } from './lib/command.mjs'
import { setup } from './setup.mjs'

const COMMAND = join(ROOT, 'packages/cli/dist/main.js')
const OPTIONS = ['--hostname', 'box', '--cpus', '0.5', '--memory', '256m', '--pids-limit', '64']

// The container has a cgroup file system of its own: v2 files at its top, or one directory a v1 controller.
const INSIDE = `
first() { for f in "$@"; do [ -r "$f" ] && cat "$f" && return; done; echo unknown; }
c=/sys/fs/cgroup
echo "process id    $$"
echo "host name     $(hostname)"
echo "processes     $(ls -d /proc/[0-9]* | wc -l) visible"
echo "mounts        $(wc -l < /proc/self/mounts), root is $(awk '$2 == "/" { print $3 }' /proc/self/mounts)"
echo "interfaces    $(ls /sys/class/net | tr '\\n' ' ')"
echo "memory limit  $(first $c/memory.max $c/memory/memory.limit_in_bytes) bytes"
echo "pids limit    $(first $c/pids.max $c/pids/pids.max)"
echo "cpu quota     $(first $c/cpu.max $c/cpu/cpu.cfs_quota_us) us"
echo "capabilities  $(awk '/CapEff/ { print $2 }' /proc/self/status)"
`

process.exitCode = (await setup()) ? await show() : 1

function show() {
  if (!existsSync(COMMAND)) {
    console.error(`Cannot show a container: ${COMMAND} was not built`)
    return 1
  }
  console.log(`On the host, "${hostname()}", process ${process.pid}:  iso run ${OPTIONS.join(' ')} host sh\n`)
  // Node 20 takes --env-file for its own, also behind a program, where no -- stands before it.
  const child = spawn(process.execPath, ['--', COMMAND, 'run', ...OPTIONS, 'host', 'sh', '-c', INSIDE], {
    stdio: 'inherit',
  })
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}
