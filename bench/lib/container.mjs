// The full container of the benchmark, as steps: six new namespaces, an overlay root on a tmpfs, Docker's default mounts, devices,
// masked and read-only paths, capabilities and system call filter, limits on memory, processes, CPU time and devices.
import { cgroup, detectLayout, DOCKER_DEVICES } from '../../packages/cgroups/dist/index.js'
import { compile } from '../../packages/seccomp/dist/index.js'

import { CAPABILITY_MASK, CAPABILITIES, DEVICES, LIMITS, LINKS, MASKED, READONLY } from './docker-defaults.mjs'

/** Below the cgroup of the benchmark itself, in every hierarchy. */
export const CGROUP_PARENT = 'iso-bench'

/** A maker of steps: what is the same for every container is made once. @param {string} rootfs */
export function containerMaker(rootfs) {
  const layout = detectLayout()
  const filter = compile('default', { caps: CAPABILITIES })
  let number = 0
  return () => [...cgroupSteps(`c${process.pid}-${number++}`, layout), ...fixedSteps(rootfs, filter)]
}

/** The limits, with the figures of the receipt. */
export function cgroupSteps(name, layout) {
  const { memory, pids, cpus } = LIMITS
  return cgroup({ name, parent: CGROUP_PARENT, layout, memory, pids, cpus, devices: DOCKER_DEVICES, namespace: true })
}

/** Everything but the cgroup. */
export function fixedSteps(rootfs, filter) {
  const below = (path, fstype, more) => ({
    op: 'mount',
    fstype,
    source: fstype,
    in: 'root',
    path,
    create: 'directory',
    ...more,
  })
  return [
    { op: 'clone', namespaces: ['uts', 'mnt', 'pid', 'ipc', 'net'] },
    { op: 'hostname', name: 'box' },
    { op: 'propagation', path: '/', propagation: 'slave', recursive: true },
    { op: 'fsMount', fstype: 'tmpfs', options: ['mode', '0755'], slot: 'layer' },
    { op: 'mkdir', in: 'layer', path: 'upper', mode: 0o755 },
    { op: 'mkdir', in: 'layer', path: 'work', mode: 0o755 },
    {
      op: 'fsMount',
      fstype: 'overlay',
      options: ['lowerdir+', rootfs, 'upperdir', '{slot:layer}/upper', 'workdir', '{slot:layer}/work'],
      slot: 'root',
    },
    { op: 'moveMount', slot: 'root', path: '/' },
    below('proc', 'proc', { flags: ['nosuid', 'nodev', 'noexec'] }),
    below('dev', 'tmpfs', { flags: ['nosuid', 'strictatime'], data: 'mode=755,size=65536k' }),
    below('dev/pts', 'devpts', { flags: ['nosuid', 'noexec'], data: 'newinstance,ptmxmode=0666,mode=0620,gid=5' }),
    below('sys', 'sysfs', { flags: ['nosuid', 'nodev', 'noexec', 'ro'] }),
    below('dev/mqueue', 'mqueue', { flags: ['nosuid', 'nodev', 'noexec'] }),
    below('dev/shm', 'tmpfs', { flags: ['nosuid', 'nodev', 'noexec'], data: 'mode=1777,size=65536k' }),
    ...DEVICES.map(([name, major, minor]) => ({
      op: 'mknod',
      in: 'root',
      path: `dev/${name}`,
      type: 'char',
      mode: 0o666,
      major,
      minor,
    })),
    ...LINKS.map(([path, target]) => ({ op: 'symlink', in: 'root', path: `dev/${path}`, target })),
    { op: 'pivotRoot', slot: 'root' },
    ...MASKED.map((path) => ({ op: 'mask', in: 'root', path })),
    ...READONLY.map((path) => ({ op: 'readonly', in: 'root', path })),
    { op: 'interfaceUp', name: 'lo' },
    { op: 'capBounding', keep: CAPABILITY_MASK },
    { op: 'capSet', effective: CAPABILITY_MASK, permitted: CAPABILITY_MASK, inheritable: 0 },
    { op: 'noNewPrivs' },
    { op: 'seccomp', filter },
  ]
}
