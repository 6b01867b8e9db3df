// The root, and what is mounted into it.

import { parseMount } from '../parse/mount.js'
import { parseVolume } from '../parse/volume.js'
import { group, type RunOption } from './option.js'

const { flag, value, list } = group('Files and devices:')

/** Options of the file system. */
export const fileOptions: readonly RunOption[] = [
  list(
    '-v, --volume <source:target[:options]>',
    'show a file or directory of the host (a missing one is made); options: ro, rw, z, Z, a propagation',
    (d, v) => (d.options.binds = v.map((volume) => parseVolume(volume)))
  ),
  list(
    '--volume-if-present <source:target[:options]>',
    'the same, but a missing source is left out (not in Docker)',
    (d, v) => {
      d.options.bindsIfPresent = v.map((volume) => parseVolume(volume))
    }
  ),
  list(
    '--mount <fields>',
    'type=bind,source=…,target=…[,readonly][,bind-propagation=…] or type=tmpfs,target=…[,tmpfs-size=…][,tmpfs-mode=…]',
    (d, v) => {
      d.options.mounts = v.map(parseMount)
    }
  ),
  list(
    '--tmpfs <path[:options]>',
    'a file system in memory, such as /tmp:size=64m,mode=1777',
    (d, v) => (d.options.tmpfs = v)
  ),
  flag('--read-only', 'the root cannot be written', (d, on) => (d.options.readonly = on)),
  flag(
    '--ephemeral',
    'put a writable layer in memory over a root directory, which stays as it is (not in Docker)',
    (d, on) => (d.options.ephemeral = on)
  ),
  value(
    '--storage-size <size>',
    'size of the writable layer in memory (not in Docker)',
    (d, v) => (d.options.storageSize = v)
  ),
  value('--shm-size <size>', 'size of /dev/shm (default: 64m)', (d, v) => (d.options.shmSize = v)),
  list('--device <source[:target[:rwm]]>', 'a device of the host', (d, v) => (d.options.devices = v)),
  list(
    '--device-cgroup-rule <rule>',
    "a device rule, such as 'c 1:3 rwm'",
    (d, v) => (d.options.deviceCgroupRules = v)
  ),
]
