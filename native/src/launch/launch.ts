// The whole API: run a program under a list of steps.

import type { Step } from '../operations.gen.js'
import { encode } from '../plan/encode.js'
import { link, type Plan } from '../plan/link.js'
import { memfdCreate } from '../syscalls/memfd.js'
import { closeFd } from '../syscalls/open.js'
import { socketpair } from '../syscalls/rights.js'
import { Child } from './child.js'
import { requestLaunch } from './launcher.js'
import { checkOptions, environment, type LaunchOptions } from './options.js'
import { openStreams } from './stdio.js'
import { enter } from './turn.js'

/**
 * Run a program under a plan: link the steps, hand them to iso-init, and resolve once the program executes.
 *
 * Nothing is left behind where it fails: the process is gone and what earlier steps made has been removed before it rejects.
 *
 * @param argv program and arguments. A name without `/` is searched in `PATH` of `options.env`, inside the new root.
 * @param steps what packages made: `[...namespaces('mnt', 'pid'), ...hostname('box')]`.
 * @returns the running (or parked) program.
 * @throws IsoError `ISO_NOT_FOUND` or `ISO_NOT_EXECUTABLE` for the program; `ISO_STEP` with `step`, `syscall`, `errno` and
 * `path` for a step the kernel refused; `ISO_LAUNCHER`; `ISO_NATIVE_MISSING`. TypeError or RangeError for bad arguments.
 * @remarks Privileges and kernel: those of the steps; an empty list needs none, and Linux 5.6.
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * await using child = await launch(['hostname'], [
 *   { op: 'clone', namespaces: ['uts'] },
 *   { op: 'hostname', name: 'box' },
 * ])
 * for await (const chunk of child.stdout!) console.log(String(chunk)) // box
 * console.log((await child.exit).exitCode) // 0
 * ```
 */
export async function launch(
  argv: readonly string[],
  steps: readonly Step[],
  options: LaunchOptions = {}
): Promise<Child> {
  checkOptions(argv, options)
  options.signal?.throwIfAborted()
  const entered = enter()
  const leave = typeof entered === 'function' ? entered : await entered
  try {
    return await begin(argv, steps, options)
  } finally {
    leave()
  }
}

async function begin(argv: readonly string[], steps: readonly Step[], options: LaunchOptions): Promise<Child> {
  const all = [...steps, ...optionSteps(steps, options)]
  const fds = Object.entries(options.fds ?? {})
  const plan = link(all, {
    callerSlots: fds.map(([slot]) => slot),
    ...(options.umask === undefined ? {} : { umask: options.umask }),
    ...(options.nofileSoft === undefined ? {} : { nofileSoft: options.nofileSoft }),
  })
  const bytes = encode(plan, {
    argv,
    env: environment(options.env),
    timeoutMs: options.timeoutMs ?? 0,
    outputLimitBytes: options.outputLimitBytes ?? 0,
    detached: options.detached ?? false,
    trace: options.trace ?? false,
  })
  const child = await request(
    plan,
    bytes,
    fds.map(([, fd]) => fd),
    options,
    all.some((step) => step.op === 'makePty')
  )
  return child.started()
}

/** @internal */
export async function request(
  plan: Plan,
  bytes: Uint8Array,
  fds: readonly number[],
  options: LaunchOptions,
  terminal: boolean,
  leaves = false
): Promise<Child> {
  const streams = openStreams(options, terminal)
  const handed: number[] = []
  let channel: number | undefined
  try {
    handed.push(memfdCreate('iso-plan', bytes, { seal: false }))
    const [ours, theirs] = socketpair('seqpacket')
    channel = ours
    handed.push(theirs)
    await requestLaunch([...handed, ...streams.theirs, ...fds])
  } catch (error) {
    if (channel !== undefined) closeFd(channel)
    await streams.destroy()
    throw error
  } finally {
    handed.forEach((fd) => closeFd(fd))
    streams.closeTheirs()
  }
  return new Child({ plan, channel, streams, options, leaves, undo })
}

/**
 * Run inverse steps in a fresh supervisor: what a created container, or a lost one, has left behind is removed. Idempotent.
 *
 * @param steps `undo` of a {@link Created} container, maybe read back from a file.
 * @throws IsoError `ISO_CLEANUP` when something could not be removed.
 */
export async function undo(steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return
  const stdio = { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' } as const
  const child = await launch([], [...steps].reverse().map(withoutMade), { parked: true, ...stdio })
  await child.close()
}

/** An inverse that does not ask whether its step was run, because the supervisor that knew is gone. @internal */
export function withoutMade(step: Step): Step {
  if (!('made' in step)) return step
  const { made: _made, ...rest } = step
  return rest
}

// The launcher stands in /. Where the root stays the caller's, so does the working directory: the supervisor goes there before the
// clone, as the caller, because the program may be somebody who may not.
function inherited(steps: readonly Step[]): Step[] {
  if (steps.some(entersAnotherRoot)) return []
  return [{ origin: '@iso/native', op: 'chdir', side: 'parent', path: process.cwd(), why: 'that of the caller' }]
}

function entersAnotherRoot(step: Step): boolean {
  if (step.op === 'setns') return step.namespaces.length === 0 || step.namespaces.includes('mnt')
  return step.op === 'pivotRoot' || step.op === 'moveRoot' || step.op === 'chroot'
}

function optionSteps(steps: readonly Step[], { cwd, tty, parked }: LaunchOptions): Step[] {
  const own = { origin: '@iso/native' } as const
  const size = typeof tty === 'object' ? { rows: tty.rows, columns: tty.columns } : {}
  const needsPty = tty !== undefined && tty !== false && !steps.some((step) => step.op === 'makePty')
  return [
    ...(cwd === undefined ? inherited(steps) : [{ ...own, op: 'chdir', path: cwd } as const]),
    ...(needsPty
      ? [
          { ...own, op: 'makePty', path: '/dev/ptmx', slot: 'terminal', ...size } as const,
          { ...own, op: 'controllingTerminal', slot: 'terminal' } as const,
        ]
      : []),
    ...(parked === true && !steps.some((step) => step.op === 'park') ? [{ ...own, op: 'park' } as const] : []),
  ]
}
