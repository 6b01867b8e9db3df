// Running the real command, with pipes or on a real terminal.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ReadStream } from 'node:tty'

import { closeFd, openpty, setWinsize } from '@iso/native'

/** The command as it is run from a clone. */
export const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))

/** What a finished command left. */
export interface Outcome {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** How to run the command. */
export interface IsoOptions {
  input?: string
  env?: Record<string, string>
  uid?: number
  cwd?: string
}

/** Run `iso` with pipes, to its end. */
export async function iso(words: readonly string[], options: IsoOptions = {}): Promise<Outcome> {
  const child = startIso(words, options)
  child.stdin?.end(options.input ?? '')
  return outcomeOf(child)
}

/** Start `iso` with pipes. */
export function startIso(words: readonly string[], { env = {}, uid, cwd }: IsoOptions = {}): ChildProcess {
  const who = uid === undefined ? {} : { uid, gid: uid }
  const child = spawn(process.execPath, ['--', MAIN, ...words], {
    env: { ...clean(), ...env },
    ...who,
    ...(cwd === undefined ? {} : { cwd }),
  })
  child.stdin.on('error', () => undefined)
  return child
}

/** Wait for the end of a command. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const text = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()))
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (...end) => resolve(end))
  )
  return { code, signal, ...text }
}

function clean(): Record<string, string | undefined> {
  const { NODE_EXTRA_CA_CERTS: _, NODE_V8_COVERAGE: __, ISO_DEBUG: ___, ...rest } = process.env
  return rest
}

/** `iso` (or another program) on a terminal of its own, which controls it as a terminal window would. */
export class Session {
  /** What was shown so far. */
  screen = ''
  readonly pid: number
  readonly exit: Promise<number | null>
  private readonly input: ReadStream

  private constructor(
    private readonly masterFd: number,
    private readonly terminalFd: number,
    child: ChildProcess
  ) {
    this.pid = child.pid ?? 0
    this.exit = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal === null ? code : null)))
    this.input = new ReadStream(masterFd)
    this.input.on('data', (chunk: Buffer) => (this.screen += chunk.toString()))
    this.input.on('error', () => undefined)
  }

  static start(
    words: readonly string[],
    size = { rows: 24, columns: 80 },
    program: readonly string[] = [process.execPath, MAIN]
  ): Session {
    const { masterFd, terminalFd } = openpty(size)
    const child = spawn('setsid', ['--ctty', ...program, ...words], {
      env: clean(),
      stdio: [terminalFd, terminalFd, terminalFd],
    })
    return new Session(masterFd, terminalFd, child)
  }

  /** Press keys. */
  type(keys: string): void {
    writeSync(this.masterFd, keys)
  }

  /** Wait until something is shown that has not been waited for before. */
  async see(pattern: RegExp, timeoutMs = 10_000): Promise<RegExpExecArray> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const match = pattern.exec(this.screen.slice(this.seen))
      if (match !== null) {
        this.seen += match.index + match[0].length
        return match
      }
      if (Date.now() > deadline)
        throw new Error(`${String(pattern)} was not shown; what was:\n${this.screen.slice(this.seen)}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  private seen = 0

  resize(rows: number, columns: number): void {
    setWinsize(this.masterFd, { rows, columns })
  }

  /** The modes of the terminal, as stty(1) saves them. */
  modes(): string {
    return spawnSync('stty', ['-g'], { stdio: [this.terminalFd, 'pipe', 'inherit'] })
      .stdout.toString()
      .trim()
  }

  close(): void {
    this.input.destroy()
    closeFd(this.terminalFd)
  }
}
