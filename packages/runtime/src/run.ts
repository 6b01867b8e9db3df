// run(): launch, collect, clean up, report. start(): launch.

import { launchContainer, type Container } from './container.js'
import { durationMs } from './internal/units.js'
import { planContainer } from './plan.js'
import type { RunOptions } from './options.js'
import type { Receipt } from './receipt.js'

/** What {@link run} resolves with: the receipt and what the program wrote. */
export interface RunResult extends Receipt {
  id: string
  /** UTF-8 text; empty where the stream is no pipe. With a terminal everything is in `stdout`. */
  stdout: string
  stderr: string
  /** The same as bytes. */
  stdoutBytes: Buffer
  stderrBytes: Buffer
}

/** Options of {@link run} beside those of the container. */
export interface CollectOptions extends Omit<RunOptions, 'detached' | 'parked'> {
  /** What the program reads on standard input. Default: nothing (end of file). */
  input?: string | Uint8Array
}

const DEFAULT_STOP_MS = 10_000

/**
 * Start a container.
 *
 * @param argv program and arguments; a name without `/` is searched in PATH inside.
 * @returns it, once the program executes.
 * @throws TypeError or RangeError for options, with the value. IsoError `ISO_NOT_FOUND`, `ISO_NOT_EXECUTABLE`, `ISO_TOO_BIG` for the program;
 * `ISO_ROOTFS`, `ISO_USER`, `ISO_BIND`, `ISO_DEVICE`, `ISO_CGROUP_…`; `ISO_STEP` for a step the kernel refused, with step, syscall, errno and path. Nothing is left behind.
 * @remarks Root, or an ordinary user where user namespaces are allowed. Linux 5.12.
 * @example
 * ```ts
 * import { start } from '@iso/runtime'
 * await using container = await start(['sleep', '60'], { image: 'host', memory: '64m' })
 * console.log((await (await container.exec(['true'])).exit).exitCode) // 0
 * ```
 */
export async function start(argv: readonly string[], options: RunOptions): Promise<Container> {
  return launchContainer(planContainer(argv, options), {
    signal: options.stopSignal ?? 'SIGTERM',
    timeoutMs: stopTimeout(options),
  })
}

function stopTimeout({ stopTimeoutMs = DEFAULT_STOP_MS }: RunOptions): number {
  return stopTimeoutMs === -1 ? stopTimeoutMs : durationMs('stopTimeoutMs', stopTimeoutMs)
}

/**
 * Run a program in a container of its own until it ends, and say how it went. Nothing of the container is left.
 *
 * What ends the program is no failure of run(): exit codes, signals, `timeout`, `oom`, `output-limit` and `aborted` are in the result.
 *
 * @throws as {@link start}.
 * @example
 * ```ts
 * import { run } from '@iso/runtime'
 * const { stdout, cause, memoryPeakBytes } = await run(['sh', '-c', 'echo $$; hostname'], { image: 'host', cpus: 1, memory: '256m', pids: 64, timeout: '5s' })
 * console.log(stdout, cause, memoryPeakBytes) // 1 … exit { value: …, source: 'memory.max_usage_in_bytes' }
 * ```
 */
export async function run(argv: readonly string[], options: CollectOptions): Promise<RunResult> {
  const { input, ...rest } = options
  const container = await start(argv, { ...rest, stdin: rest.stdin ?? (input === undefined ? 'ignore' : 'pipe') })
  try {
    const collected = Promise.all([collect(container.terminal ?? container.stdout), collect(container.stderr)])
    if (input !== undefined) (container.terminal ?? container.stdin)?.end(input)
    const receipt = await container.wait()
    const [stdoutBytes, stderrBytes] = await collected
    return {
      id: container.id,
      ...receipt,
      stdout: stdoutBytes.toString(),
      stderr: stderrBytes.toString(),
      stdoutBytes,
      stderrBytes,
    }
  } finally {
    await container.close()
  }
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<Buffer> {
  const chunks: Buffer[] = []
  if (stream !== null) for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
