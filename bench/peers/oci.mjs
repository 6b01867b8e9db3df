// The bundle that crun and runc get: the same container as lib/container.mjs, in the OCI's words.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { DOCKER_DEVICES } from '../../packages/cgroups/dist/index.js'
import { defaultProfile } from '../../packages/seccomp/dist/index.js'
import { CAPABILITIES, DEVICES, ENVIRONMENT, LIMITS, MASKED, READONLY } from '../lib/docker-defaults.mjs'

/**
 * Write a bundle whose root is a ready-made overlay.
 *
 * @param {string} directory made where it is missing
 * @param {{ root: string, argv: readonly string[], cgroup: string }} options cgroup: path in every hierarchy
 */
export function writeBundle(directory, { root, argv, cgroup }) {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config(root, argv, cgroup), undefined, 1))
}

const mount = (destination, type, options, source = type) => ({ destination, type, source, options })

function config(root, args, cgroupsPath) {
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args,
      env: Object.entries(ENVIRONMENT).map(([name, value]) => `${name}=${value}`),
      cwd: '/',
      capabilities: { bounding: CAPABILITIES, effective: CAPABILITIES, permitted: CAPABILITIES },
      noNewPrivileges: true,
    },
    root: { path: root },
    hostname: 'box',
    mounts: [
      mount('/proc', 'proc', ['nosuid', 'noexec', 'nodev']),
      mount('/dev', 'tmpfs', ['nosuid', 'strictatime', 'mode=755', 'size=65536k']),
      mount('/dev/pts', 'devpts', ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5']),
      mount('/sys', 'sysfs', ['nosuid', 'noexec', 'nodev', 'ro']),
      mount('/dev/mqueue', 'mqueue', ['nosuid', 'noexec', 'nodev']),
      mount('/dev/shm', 'tmpfs', ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'], 'shm'),
    ],
    linux: {
      cgroupsPath,
      resources: {
        memory: { limit: LIMITS.memoryBytes },
        cpu: { quota: LIMITS.quotaUs, period: LIMITS.periodUs },
        pids: { limit: LIMITS.pids },
        devices: DOCKER_DEVICES.map(({ type, ...rule }) => ({ ...rule, ...(type !== 'a' && { type }) })),
      },
      namespaces: ['pid', 'network', 'ipc', 'uts', 'mount', 'cgroup'].map((type) => ({ type })),
      devices: DEVICES.map(([name, major, minor]) => ({
        path: `/dev/${name}`,
        type: 'c',
        major,
        minor,
        fileMode: 0o666,
        uid: 0,
        gid: 0,
      })),
      maskedPaths: MASKED,
      readonlyPaths: READONLY,
      seccomp: ociSeccomp(),
    },
  }
}

const ARCHITECTURES = { x64: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'], arm64: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'] }
const MACHINES = { x64: ['amd64', 'x86_64'], arm64: ['arm64', 'aarch64'] }

// The default profile as an engine resolves it before it calls a runtime: rules for other machines and capabilities are gone.
function ociSeccomp() {
  const machines = MACHINES[process.arch] ?? []
  const has = (caps) => caps?.every((cap) => CAPABILITIES.includes(cap)) ?? true
  const here = (arches) => arches === undefined || arches.some((arch) => machines.includes(arch))
  const rules = defaultProfile.syscalls.filter(
    // libseccomp makes rules for socketcall out of those for socket, and takes no other ones.
    ({ names, includes, excludes }) =>
      !names.includes('socketcall') &&
      has(includes?.caps) &&
      here(includes?.arches) &&
      !(excludes?.caps !== undefined && has(excludes.caps))
  )
  return {
    defaultAction: defaultProfile.defaultAction,
    defaultErrnoRet: defaultProfile.defaultErrnoRet,
    architectures: ARCHITECTURES[process.arch],
    syscalls: rules.map(({ names, action, errnoRet, args }) => ({
      names,
      action,
      ...(errnoRet !== undefined && { errnoRet }),
      ...(args && { args }),
    })),
  }
}
