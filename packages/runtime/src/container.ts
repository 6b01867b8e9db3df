// A running container, seen from Node.

import { Cgroup, type Stats } from '@iso/cgroups'
import { IsoError, launch, type Child, type LaunchOptions } from '@iso/native'
import { EventEmitter } from 'eventemitter3'
import { execIn, type ExecOptions, type ExecProcess } from './exec.js'
import { plainer } from './internal/failure.js'
import { isFrozen } from './internal/frozen.js'
import { limitsOf } from './resources.js'
import type { LimitOptions } from './options.js'
import type { ContainerPlan } from './plan.js'
import { receiptOf, type Receipt } from './receipt.js'

/** Events of {@link Container.events}. */
export interface ContainerEvents {
  /** Memory ran out; how many processes the kernel killed. */
  oom: (kills: number) => void
  /** `pause()` has stopped every process. */
  pause: () => void
  /** `resume()` has let them go on. */
  resume: () => void
  /** The program ended. */
  exit: (receipt: Receipt) => void
}

/** What Node's timers count up to, 24 days; more would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** What is remembered of stop() when a container is started. @internal */
export interface StopDefaults {
  signal: NodeJS.Signals | number
  timeoutMs: number
}

/**
 * A container. States: *parked* (only with `parked`), *running*, *paused*, *exited* (`wait()` resolved), *closed* (everything it made is gone).
 *
 * Its life is tied to this process unless it is detached: when Node ends, however it ends, the supervisor kills the container and cleans up.
 */
export class Container {
  readonly id: string
  readonly name: string
  readonly events = new EventEmitter<ContainerEvents>()
  private readonly receipt: Promise<Receipt>
  private group: Cgroup | undefined
  private ended = false
  private pausing = false
  private readonly entering = new Set<Promise<ExecProcess>>()

  /** @internal */
  constructor(
    readonly plan: ContainerPlan,
    private readonly child: Child,
    private readonly stopDefaults: StopDefaults
  ) {
    this.id = plan.id
    this.name = plan.name
    this.receipt = child.exit.then((status) => {
      this.ended = true
      const receipt = receiptOf(status)
      this.events.emit('exit', receipt)
      return receipt
    })
    this.receipt.catch(() => (this.ended = true))
  }

  /** Process ID of the container's PID 1, as this process sees it. */
  get pid(): number {
    return this.child.pid
  }
  /** A pidfd of it, valid until `close()`. */
  get pidfd(): number {
    return this.child.pidfd
  }
  get stdin(): Child['stdin'] {
    return this.child.stdin
  }
  get stdout(): Child['stdout'] {
    return this.child.stdout
  }
  get stderr(): Child['stderr'] {
    return this.child.stderr
  }
  get terminal(): Child['terminal'] {
    return this.child.terminal
  }
  /** Read from the kernel: `paused`, too, where somebody else has frozen the cgroup or one above it. `parked` is running here: the process exists. */
  get state(): 'running' | 'paused' | 'exited' {
    return this.ended ? 'exited' : this.frozen() ? 'paused' : 'running'
  }

  /** Resolves when the program has ended. @throws IsoError `ISO_SUPERVISOR_LOST` where its supervisor was killed. */
  wait(): Promise<Receipt> {
    return this.receipt
  }

  /** Run the program of a container that was started with `parked`; another one than planned where argv is given. */
  async start(argv: readonly string[] = this.plan.argv, options: Pick<LaunchOptions, 'env'> = {}): Promise<void> {
    await this.child.start(argv, { env: options.env ?? this.plan.launchOptions.env ?? {} })
  }

  /**
   * Run another program in the container, with the same isolation: namespaces, limits, capabilities, filter.
   * @throws IsoError `ISO_NOT_RUNNING`, `ISO_PAUSED`; those of launch().
   */
  async exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecProcess> {
    if (this.ended || this.pidfd < 0)
      throw new IsoError('ISO_NOT_RUNNING', `Cannot execute in container ${this.name}: it has ended`)
    if (this.pausing || this.frozen())
      throw new IsoError('ISO_PAUSED', `Cannot execute in container ${this.name}: it is paused`, {
        hint: 'resume() it first; who froze a group above it must thaw that',
      })
    const entering = execIn(
      { pid: this.pid, pidfd: this.pidfd, cgroup: this.plan.cgroup, defaults: this.plan.defaults },
      argv,
      options
    )
    this.entering.add(entering)
    try {
      return await entering
    } finally {
      this.entering.delete(entering)
    }
  }

  /**
   * Send a signal to PID 1. The kernel keeps from it what it has no handler for, SIGKILL and SIGSTOP aside.
   * @returns false when it has ended.
   */
  kill(signal: NodeJS.Signals | number = 'SIGKILL'): boolean {
    return this.child.kill(signal)
  }

  /** Ask the program to end, and kill it when it has not after `timeoutMs` (-1: never). Resolves with the receipt. */
  async stop(options: { signal?: NodeJS.Signals | number; timeoutMs?: number } = {}): Promise<Receipt> {
    if (this.frozen()) await this.resume()
    this.kill(options.signal ?? this.stopDefaults.signal)
    const ms = options.timeoutMs ?? this.stopDefaults.timeoutMs
    const timer = ms < 0 ? undefined : setTimeout(() => this.kill('SIGKILL'), Math.min(ms, LONGEST_TIMER_MS))
    try {
      return await this.receipt
    } finally {
      clearTimeout(timer)
    }
  }

  /** Stop every process where it stands. @throws IsoError `ISO_NOT_RUNNING`, `ISO_NO_CGROUP`, or those of `Cgroup.freeze()`. */
  async pause(): Promise<void> {
    const group = this.running()
    this.pausing = true
    try {
      // One that has joined the cgroup but not begun would stop half-way, and whoever waits for it with it.
      await Promise.allSettled(this.entering)
      await group.freeze()
    } finally {
      this.pausing = false
    }
    this.events.emit('pause')
  }

  /** Let every process go on, whoever stopped them. @throws IsoError `ISO_CGROUP_TIMEOUT` where a group above is frozen; those of pause(). */
  async resume(): Promise<void> {
    await this.running().thaw()
    this.events.emit('resume')
  }

  /** Change limits while the container runs; what is absent stays. @throws as `Cgroup.update()`. */
  async update(limits: LimitOptions): Promise<void> {
    await this.running().update(limitsOf(limits))
  }

  /** What the container uses at this moment. */
  async stats(): Promise<Stats> {
    return this.running().stat()
  }

  /** Tell the program how large the terminal is. */
  resize(rows: number, columns: number): void {
    this.child.resize(rows, columns)
  }

  /** Let the container outlive this process. */
  detach(): void {
    this.child.detach()
  }

  /** Kill the container where it still runs, and wait until everything it made is gone. Safe to call twice. */
  async close(): Promise<void> {
    this.group?.close()
    const closed = this.child.close()
    // A process that cgroup v1 has frozen does not die before it is thawed.
    if (!this.ended && this.frozen())
      await this.cgroup()
        .thaw()
        .catch(() => undefined)
    await closed
  }

  /** Resolves when everything the container made is gone. */
  get closed(): Promise<void> {
    return this.child.closed
  }

  /** `close()`, at the end of the block of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Watch for the kernel killing processes because memory ran out: `events` has `oom` then. */
  watchOom(): void {
    this.cgroup().events.on('oom', ({ kills }) => this.events.emit('oom', kills))
  }

  private frozen(): boolean {
    if (this.plan.cgroup === undefined) return false
    try {
      return isFrozen(this.cgroup().directories)
    } catch (error) {
      if (error instanceof IsoError && error.code === 'ISO_CGROUP_MISSING') return false
      throw error
    }
  }

  private running(): Cgroup {
    if (this.ended) throw new IsoError('ISO_NOT_RUNNING', `Cannot change container ${this.name}: it has ended`)
    return this.cgroup()
  }

  private cgroup(): Cgroup {
    if (this.plan.cgroup === undefined)
      throw new IsoError('ISO_NO_CGROUP', `Cannot change container ${this.name}: it has no cgroup`, {
        hint: 'an ordinary user needs a delegated cgroup (systemd: Delegate=yes)',
      })
    this.group ??= Cgroup.open(this.plan.cgroup)
    return this.group
  }
}

/** Launch a plan. @internal */
export async function launchContainer(plan: ContainerPlan, stop: StopDefaults): Promise<Container> {
  try {
    return new Container(plan, await launch(plan.argv, plan.steps, plan.launchOptions), stop)
  } catch (error) {
    throw plainer(error)
  }
}
