// The role create: a container that waits for "start" with nothing of ours between it and the caller, as containerd and podman
// expect of an OCI runtime.

import { connect } from 'node:net'
import { closeSync, openSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { IsoError } from '../iso-error.js'
import type { Step } from '../operations.gen.js'
import { encode } from '../plan/encode.js'
import { link, type Plan } from '../plan/link.js'
import { closeFd } from '../syscalls/open.js'
import { connectFd, recvFds, sendFds } from '../syscalls/rights.js'
import { watch } from '../syscalls/watch.js'
import { launchError } from './failure.js'
import { request, withoutMade } from './launch.js'
import { checkOptions, environment, type LaunchOptions } from './options.js'

/** Options of {@link create}: those of a launch that need no supervisor. */
export type CreateOptions = Pick<
  LaunchOptions,
  'env' | 'cwd' | 'stdin' | 'stdout' | 'stderr' | 'fds' | 'callbacks' | 'umask' | 'nofileSoft' | 'signal'
> & {
  /** A new session keyring for the program. Default: true. */
  keyring?: boolean
}

/** A created container. */
export interface Created {
  pid: number
  /** A pidfd; it belongs to the caller. */
  pidfd: number
  /** Where a step makes a terminal: its master end, a descriptor that belongs to the caller. */
  terminal?: number
  /** Removes what the plan made: plain data to keep beside the container, for {@link undo} when it is deleted. */
  undo: readonly Step[]
}

/**
 * Create a container and leave it parked before its program: isolated, limited, and child of the nearest subreaper.
 *
 * @param socket absolute path at which it waits for {@link start}; any length; made here, with mode 0600.
 * @returns once it waits. Nothing is left where it fails.
 * @throws IsoError as `launch()`.
 * @example
 * ```ts
 * import { closeFd, create, start, undo } from '@iso/native'
 * const made = await create('/run/iso-example.sock', ['true'], [{ op: 'clone', namespaces: ['uts'] }], { stdout: 'ignore' })
 * await start('/run/iso-example.sock')
 * await undo(made.undo)
 * closeFd(made.pidfd)
 * ```
 */
export async function create(
  socket: string,
  argv: readonly string[],
  steps: readonly Step[],
  options: CreateOptions = {}
): Promise<Created> {
  checkOptions(argv, options)
  if (!socket.startsWith('/')) throw new TypeError(`Cannot create: socket ${JSON.stringify(socket)} is not absolute`)
  const own = { origin: '@iso/native' } as const
  const fds = Object.entries(options.fds ?? {})
  const plan = link(
    [
      { ...own, op: 'listen', path: socket, slot: 'start-socket' },
      ...steps,
      { ...own, op: 'park', listen: 'start-socket' },
      ...(options.cwd === undefined ? [] : [{ ...own, op: 'chdir', path: options.cwd } as const]),
    ],
    {
      callerSlots: fds.map(([slot]) => slot),
      deathSignal: false,
      ...(options.keyring === undefined ? {} : { keyring: options.keyring }),
      ...(options.umask === undefined ? {} : { umask: options.umask }),
      ...(options.nofileSoft === undefined ? {} : { nofileSoft: options.nofileSoft }),
    }
  )
  const bytes = encode(plan, { argv, env: environment(options.env), leave: true })
  const stdio = {
    stdin: options.stdin ?? 'inherit',
    stdout: options.stdout ?? 'inherit',
    stderr: options.stderr ?? 'inherit',
  } as const
  const child = await request(
    plan,
    bytes,
    fds.map(([, fd]) => fd),
    { ...options, ...stdio, parked: true },
    false,
    true
  )
  await child.started()
  return {
    pid: child.pid,
    pidfd: child.release(),
    ...(child.master === undefined ? {} : { terminal: child.master }),
    undo: plan.undo.map(withoutMade),
  }
}

/**
 * Have a created container execute its program.
 *
 * @param socket the path given to {@link create}.
 * @throws IsoError `ISO_NOT_FOUND`, `ISO_NOT_EXECUTABLE`, `ISO_STEP` for what failed inside; `ISO_NOT_PARKED` when nobody waits there.
 */
export async function start(socket: string): Promise<void> {
  let said = ''
  try {
    await throughDirectory(
      socket,
      (path) =>
        new Promise<void>((resolve, reject) => {
          const connection = connect(path, () => connection.write(ORDER))
          connection.on('data', (chunk: Buffer) => (said += String(chunk)))
          connection.on('error', reject)
          connection.on('close', () => resolve())
        })
    )
  } catch (cause) {
    throw notParked(socket, cause)
  }
  answer(said)
}

/**
 * {@link start} a container whose filter notifies somebody (SCMP_ACT_NOTIFY).
 *
 * @returns the listeners of its filters, descriptors that belong to the caller.
 * @throws IsoError as {@link start}.
 */
export async function startWithListeners(socket: string): Promise<number[]> {
  let fd: number
  try {
    fd = await throughDirectory(socket, connectFd)
  } catch (cause) {
    throw notParked(socket, cause)
  }
  const listeners: number[] = []
  let said = ''
  sendFds(fd, Buffer.from(ORDER))
  await new Promise<void>((resolve, reject) => {
    const watching = watch(
      fd,
      'readable',
      (error) => {
        const received = error === undefined ? recvFds(fd, 4096) : undefined
        if (received === null) return
        listeners.push(...(received?.fds ?? []))
        said += String(received?.data ?? '')
        if (received !== undefined && received.data.length > 0) return
        watching.close()
        if (error === undefined) resolve()
        else reject(error)
      },
      { ref: true }
    )
  })
  closeFd(fd)
  try {
    answer(said.slice(listeners.length)) // a byte came with each
  } catch (error) {
    listeners.forEach((listener) => closeFd(listener))
    throw error
  }
  return listeners
}

const ORDER = 'start'

// The name may be longer than the 107 bytes of a socket address: through a descriptor of its directory it is not.
async function throughDirectory<T>(socket: string, use: (path: string) => Promise<T>): Promise<T> {
  const dir = openSync(dirname(socket), 'r')
  try {
    return await use(`/proc/self/fd/${dir}/${basename(socket)}`)
  } finally {
    closeSync(dir)
  }
}

const notParked = (socket: string, cause: unknown): IsoError =>
  new IsoError('ISO_NOT_PARKED', `Cannot start the container at ${JSON.stringify(socket)}`, {
    path: socket,
    cause,
    hint: 'it was started before, or has ended',
  })

// Nothing: the program runs. Else what failed.
function answer(said: string): void {
  if (said === '') return
  const [index = '', errno = '', syscall = '', path = '', note = ''] = said.split('\n')
  throw launchError(NO_PLAN, { index: Number(index), errno: Number(errno), syscall, path, note })
}

const NO_PLAN: Plan = {
  before: [],
  stage: [],
  clone: undefined,
  beside: [],
  child: [],
  receipt: [],
  undo: [],
  slots: [],
}
