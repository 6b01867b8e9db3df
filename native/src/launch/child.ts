// A launched program and the supervisor that tends it, seen from Node.

import type { Readable, Writable } from 'node:stream'
import { binding } from '../binding.js'
import { IsoError } from '../iso-error.js'
import { encode } from '../plan/encode.js'
import type { Step } from '../operations.gen.js'
import type { Plan } from '../plan/link.js'
import { memfdCreate } from '../syscalls/memfd.js'
import { closeFd } from '../syscalls/open.js'
import { pidfdSendSignal } from '../syscalls/pidfd.js'
import { Channel } from './channel.js'
import { deferred } from './deferred.js'
import {
  detachCommand,
  killCommand,
  replyCommand,
  signalNumber,
  startCommand,
  type Cause,
  type SupervisorEvent,
} from './events.js'
import { exitStatus, type ExitStatus } from './exit-status.js'
import { launchError } from './failure.js'
import { checkOptions, environment, type LaunchOptions } from './options.js'
import type { Streams } from './stdio.js'
import { Terminal } from './terminal.js'

/** What {@link Child} is made from. @internal */
export interface ChildInit {
  plan: Plan
  /** Our end of the channel; it belongs to the child from now on. */
  channel: number
  streams: Streams
  options: LaunchOptions
  /** Runs inverse steps in a fresh supervisor. */
  undo: (steps: readonly Step[]) => Promise<void>
  /** The supervisor leaves once the child is parked (role create): its end is then no loss. */
  leaves?: boolean
}

/**
 * A program that runs under a plan. States: *starting* (launch() has not resolved), *parked* (only with `parked`), *running*,
 * *exited* (`exit` resolved), *closed* (`closed` resolved: everything the plan made is gone).
 */
export class Child {
  /** Process ID as this process sees it. */
  pid = 0
  /** A pidfd of the process, valid until `close()`; -1 afterwards. */
  pidfd = -1
  readonly stdin: Writable | null
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  /** The pseudo-terminal, where there is one. */
  terminal: Terminal | null = null
  /** How the program ended. Rejects only where the supervisor was lost (`ISO_SUPERVISOR_LOST`). */
  readonly exit: Promise<ExitStatus>
  /** Resolves when everything the plan made has been removed. Rejects with `ISO_CLEANUP` where something was left. */
  readonly closed: Promise<void>
  /** With `trace`: CLOCK_MONOTONIC time, in ns, at which the step of each number ended. */
  trace: ReadonlyMap<number, bigint> = new Map()
  /** Role create: the terminal's master end, which belongs to the caller. */
  master: number | undefined
  /** Listeners of seccomp filters, in order of arrival; the descriptors belong to the caller. */
  readonly seccompListeners: number[] = []

  private readonly ready = deferred<void>()
  private readonly parked = deferred<void>()
  private readonly exited = deferred<ExitStatus>()
  private readonly done = deferred<void>()
  private readonly channel: Channel
  private state: 'starting' | 'parked' | 'running' | 'exited' | 'closed' = 'starting'
  private streams: Streams

  /** @internal */
  constructor(private readonly init: ChildInit) {
    this.streams = init.streams
    ;({ stdin: this.stdin, stdout: this.stdout, stderr: this.stderr } = init.streams)
    this.exit = this.exited.promise
    this.closed = this.done.promise
    this.channel = new Channel(
      init.channel,
      (event, fds) => this.handle(event, fds),
      () => this.lost()
    )
    const { signal } = init.options
    if (signal !== undefined) {
      const abort = () => this.sendKill(9, 'aborted')
      signal.addEventListener('abort', abort, { once: true })
      this.closed.finally(() => signal.removeEventListener('abort', abort)).catch(() => undefined)
      if (signal.aborted) abort()
    }
  }

  /** Resolves once the program runs, or is parked. @internal */
  async started(): Promise<this> {
    await (this.init.options.parked === true
      ? Promise.race([this.parked.promise, this.ready.promise])
      : this.ready.promise)
    return this
  }

  /**
   * Send a signal to the program with pidfd_send_signal(2): a recycled process ID cannot be hit.
   * @param signal name or number. Default: SIGTERM. PID 1 of a pid namespace ignores signals it has no handler for, SIGKILL aside.
   * @returns false when the program has ended already.
   */
  kill(signal: NodeJS.Signals | number = 'SIGTERM'): boolean {
    const number = signalNumber(signal)
    if (this.pidfd < 0 || this.state === 'exited' || this.state === 'closed') return false
    try {
      pidfdSendSignal(this.pidfd, number)
      return true
    } catch (error) {
      if (error instanceof IsoError && error.errnoName === 'ESRCH') return false
      throw error
    }
  }

  /** Tell the program how large the terminal is; without one nothing happens. */
  resize(rows: number, columns: number): void {
    this.terminal?.resize(rows, columns)
  }

  /**
   * Run a program in a parked child.
   * @throws IsoError when the program cannot be executed; the child is gone then.
   */
  async start(argv: readonly string[], options: Pick<LaunchOptions, 'env'> = {}): Promise<this> {
    if (this.state !== 'parked') throw new TypeError(`Cannot start a child: it is ${this.state}; wanted parked`)
    checkOptions(argv, options)
    this.state = 'starting'
    const plan = memfdCreate('iso-program', encode(EMPTY, { argv, env: environment(options.env) }), { seal: false })
    try {
      this.channel.send(startCommand(), [plan])
    } finally {
      closeFd(plan)
    }
    await this.ready.promise
    return this
  }

  /** Let the program outlive this process; its streams stay with this process. */
  detach(): void {
    this.channel.send(detachCommand())
  }

  /** Kill the program where it still runs, and wait until everything is removed. Safe to call twice. */
  async close(): Promise<void> {
    if (this.state !== 'closed' && this.state !== 'exited') this.sendKill(9, 'none')
    try {
      await this.closed
    } finally {
      this.terminal?.destroy()
      await this.streams.destroy()
      this.dropPidfd()
    }
  }

  /** `await using`: {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Lets go of a parked child whose supervisor has left, without ending it; the pidfd is the caller's now. @internal */
  release(): number {
    const { pidfd } = this
    binding().release(pidfd)
    this.pidfd = -1
    this.end()
    return pidfd
  }

  private dropPidfd(): void {
    if (this.pidfd < 0) return
    binding().release(this.pidfd)
    closeFd(this.pidfd)
    this.pidfd = -1
  }

  // Through the supervisor, so that it knows the cause, and also where no pidfd has arrived yet.
  private sendKill(signal: number, cause: Cause): void {
    this.channel.send(killCommand(signal, cause))
  }

  private handle(event: SupervisorEvent, fds: readonly number[]): void {
    switch (event.kind) {
      case 'started':
      case 'parked':
        this.pid = event.pid
        this.dropPidfd()
        this.pidfd = fds[0] ?? -1
        if (this.pidfd >= 0) binding().adopt(this.pidfd)
        this.state = event.kind === 'started' ? 'running' : 'parked'
        ;(event.kind === 'started' ? this.ready : this.parked).resolve()
        return
      case 'pty':
        if (this.init.leaves === true) this.master = fds[0]
        else if (fds[0] !== undefined) this.terminal = new Terminal(fds[0])
        return
      case 'listener':
        this.seccompListeners.push(...fds)
        return
      case 'trace':
        this.trace = new Map(event.times)
        return
      case 'callback':
        return void this.answer(event.name)
      case 'failed':
        return this.fail(launchError(this.init.plan, event))
      case 'exited':
        this.state = 'exited'
        this.streams.stdin?.destroy()
        this.exited.resolve(exitStatus(event.exit))
        return
      case 'done':
        if (event.errno === 0) return this.end()
        return this.end(
          new IsoError('ISO_CLEANUP', 'Cannot remove everything a launch has made', {
            cause: launchError(this.init.plan, { ...event, syscall: '', path: '', note: '' }),
          })
        )
    }
  }

  private async answer(name: string): Promise<void> {
    let errno = 0
    try {
      const callback = this.init.options.callbacks?.[name]
      if (callback === undefined)
        errno = 38 // ENOSYS
      else await callback(this.pid)
    } catch (error) {
      errno = error instanceof IsoError && error.errno !== undefined ? error.errno : 125 // ECANCELED
    }
    this.channel.send(replyCommand(errno))
  }

  private fail(error: IsoError): void {
    this.terminal?.destroy()
    if (this.master !== undefined) closeFd(this.master)
    this.master = undefined
    // A rejection is a promise that nothing is left, our ends of the pipes included.
    void this.streams.destroy().then(() => {
      for (const waiting of [this.ready, this.parked, this.exited]) waiting.reject(error)
    })
  }

  private end(error?: IsoError): void {
    this.state = 'closed'
    this.channel.close()
    if (error === undefined) this.done.resolve()
    else this.done.reject(error)
  }

  // Somebody killed the supervisor. Its death signal takes the container along; what the plan made is removed from here.
  private lost(): void {
    if (this.state === 'closed') return
    if (this.init.leaves === true && this.state === 'parked') return this.channel.close()
    this.kill('SIGKILL')
    this.state = 'exited'
    this.channel.close()
    this.fail(
      new IsoError('ISO_SUPERVISOR_LOST', 'Cannot follow a launch: its supervisor ended without a word', {
        hint: 'it was killed, by hand or for want of memory',
      })
    )
    this.init.undo(this.init.plan.undo).then(
      () => this.end(),
      (cause: unknown) => this.end(new IsoError('ISO_CLEANUP', 'Cannot remove everything a launch has made', { cause }))
    )
  }
}

const EMPTY: Plan = { before: [], stage: [], clone: undefined, beside: [], child: [], receipt: [], undo: [], slots: [] }
