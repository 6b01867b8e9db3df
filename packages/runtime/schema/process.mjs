import { boolean, int32, integer, list, object, oneOf, pattern, string, strings, uint32, uint64 } from './kinds.mjs'

const user = object({ uid: uint32, gid: uint32, umask: uint32, additionalGids: list(uint32), username: string })

const capabilities = object({
  bounding: strings,
  permitted: strings,
  effective: strings,
  inheritable: strings,
  ambient: strings,
})

const scheduler = object(
  {
    policy: oneOf('SCHED_OTHER', 'SCHED_FIFO', 'SCHED_RR', 'SCHED_BATCH', 'SCHED_ISO', 'SCHED_IDLE', 'SCHED_DEADLINE'),
    nice: int32,
    priority: int32,
    flags: list(
      oneOf(
        'SCHED_FLAG_RESET_ON_FORK',
        'SCHED_FLAG_RECLAIM',
        'SCHED_FLAG_DL_OVERRUN',
        'SCHED_FLAG_KEEP_POLICY',
        'SCHED_FLAG_KEEP_PARAMS',
        'SCHED_FLAG_UTIL_CLAMP_MIN',
        'SCHED_FLAG_UTIL_CLAMP_MAX'
      )
    ),
    runtime: uint64,
    deadline: uint64,
    period: uint64,
  },
  'policy'
)

const cpus = pattern('^[0-9, -]*$')

export const process = object(
  {
    terminal: boolean,
    consoleSize: object({ height: uint64, width: uint64 }, 'height', 'width'),
    cwd: string,
    env: strings,
    args: strings,
    commandLine: string,
    user,
    capabilities,
    noNewPrivileges: boolean,
    oomScoreAdj: integer(-1000, 1000),
    rlimits: list(object({ type: pattern('^RLIMIT_[A-Z]+$'), soft: uint64, hard: uint64 }, 'type', 'soft', 'hard')),
    apparmorProfile: string,
    selinuxLabel: string,
    ioPriority: object(
      { class: oneOf('IOPRIO_CLASS_RT', 'IOPRIO_CLASS_BE', 'IOPRIO_CLASS_IDLE'), priority: integer(0, 7) },
      'class'
    ),
    scheduler,
    execCPUAffinity: object({ initial: cpus, final: cpus }),
  },
  'cwd'
)

const hook = object({ path: string, args: strings, env: strings, timeout: integer(1, 2 ** 31 - 1) }, 'path')
const hookList = list(hook)

export const hooks = object({
  prestart: hookList,
  createRuntime: hookList,
  createContainer: hookList,
  startContainer: hookList,
  poststart: hookList,
  poststop: hookList,
})
