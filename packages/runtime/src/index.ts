/**
 * Containers: a root filesystem, isolation and limits as Docker's by default, and a receipt of what was used.
 *
 * @example
 * ```ts
 * import { run } from '@iso/runtime'
 * const result = await run(['sh', '-c', 'echo "PID $$ on $(hostname)"'], { image: 'host', memory: '64m', pids: 16, timeout: '5s' })
 * console.log(result.stdout, result.cause, result.memoryPeakBytes)
 * ```
 *
 * @packageDocumentation
 */

export { Container, type ContainerEvents } from './container.js'
export { DEFAULT_PATH } from './environment.js'
export type { ExecOptions, ExecProcess, ExecStatus } from './exec.js'
export type { Identity } from './identity/user.js'
export type { CgroupPlace } from './limits.js'
export type {
  BindOptions,
  BindPropagation,
  DeviceOptions,
  FileOptions,
  MountOptions,
  TmpfsOptions,
} from './mount-options.js'
export type {
  DeviceRate,
  Duration,
  LimitOptions,
  RunOptions,
  SecurityOpt,
  Size,
  Ulimit,
  UsernsRanges,
} from './options.js'
export { planContainer, type ContainerPlan, type ExecDefaults } from './plan.js'
export { exitStatusNumber, type Receipt } from './receipt.js'
export type { Security } from './security.js'
export { run, start, type CollectOptions, type RunResult } from './run.js'
export type { Figure, Stats } from '@iso/cgroups'
export type { IdRange } from '@iso/userns'
