import {
  boolean,
  idMappings,
  int64,
  integer,
  list,
  map,
  object,
  oneOf,
  pattern,
  string,
  strings,
  uint32,
  uint64,
} from './kinds.mjs'

const namespaces = list(
  object({ type: oneOf('mount', 'pid', 'network', 'uts', 'ipc', 'user', 'cgroup', 'time'), path: string }, 'type')
)

const devices = list(
  object(
    {
      type: pattern('^[cbup]$'),
      path: string,
      major: int64,
      minor: int64,
      fileMode: integer(0, 0o7777),
      uid: uint32,
      gid: uint32,
    },
    'type',
    'path'
  )
)

const action = oneOf(
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_LOG',
  'SCMP_ACT_NOTIFY'
)

const argument = object(
  {
    index: integer(0, 5),
    value: uint64,
    valueTwo: uint64,
    op: oneOf(
      'SCMP_CMP_NE',
      'SCMP_CMP_LT',
      'SCMP_CMP_LE',
      'SCMP_CMP_EQ',
      'SCMP_CMP_GE',
      'SCMP_CMP_GT',
      'SCMP_CMP_MASKED_EQ'
    ),
  },
  'index',
  'value',
  'op'
)

const seccomp = object(
  {
    defaultAction: action,
    defaultErrnoRet: uint32,
    flags: list(
      oneOf(
        'SECCOMP_FILTER_FLAG_TSYNC',
        'SECCOMP_FILTER_FLAG_LOG',
        'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
        'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'
      )
    ),
    listenerPath: string,
    listenerMetadata: string,
    architectures: list(pattern('^SCMP_ARCH_[A-Z0-9_]+$')),
    syscalls: list(
      object(
        { names: list(string, { minItems: 1 }), action, errnoRet: uint32, args: list(argument) },
        'names',
        'action'
      )
    ),
  },
  'defaultAction'
)

const offset = object({ secs: int64, nanosecs: uint32 })

export const linux = object({
  namespaces,
  uidMappings: idMappings,
  gidMappings: idMappings,
  timeOffsets: object({ boottime: offset, monotonic: offset }),
  devices,
  netDevices: map(object({ name: string })),
  cgroupsPath: string,
  resources: { $ref: '#/resources' },
  rootfsPropagation: oneOf(
    '',
    'private',
    'rprivate',
    'shared',
    'rshared',
    'slave',
    'rslave',
    'unbindable',
    'runbindable'
  ),
  seccomp,
  sysctl: map(string),
  maskedPaths: strings,
  readonlyPaths: strings,
  mountLabel: string,
  intelRdt: object({
    closID: string,
    schemata: strings,
    l3CacheSchema: string,
    memBwSchema: pattern('^MB:[^\\n]*$'),
    enableMonitoring: boolean,
  }),
  memoryPolicy: object({
    mode: oneOf(
      'MPOL_DEFAULT',
      'MPOL_BIND',
      'MPOL_INTERLEAVE',
      'MPOL_WEIGHTED_INTERLEAVE',
      'MPOL_PREFERRED',
      'MPOL_PREFERRED_MANY',
      'MPOL_LOCAL'
    ),
    nodes: string,
    flags: list(oneOf('MPOL_F_NUMA_BALANCING', 'MPOL_F_RELATIVE_NODES', 'MPOL_F_STATIC_NODES')),
  }),
  personality: object({ domain: oneOf('LINUX', 'LINUX32'), flags: strings }),
})
