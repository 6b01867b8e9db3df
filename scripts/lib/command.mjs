// Running other programs. Node's own modules only: this is used before anything is installed.
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top of the repository. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/**
 * Run a program in the repository and wait for it.
 *
 * @param {string[]} argv
 * @param {{ env?: Record<string, string | undefined>, hold?: boolean, cwd?: string, timeoutMs?: number }} options
 *   hold: keep the output back instead of showing it while it comes
 * @returns {Promise<{ code: number, output: string }>} code 0 where it succeeded; what it printed, both streams together
 */
export function run(argv, { env = {}, hold = false, cwd = ROOT, timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(argv[0], argv.slice(1), {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    const chunks = []
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.on('data', (chunk) => {
        chunks.push(chunk)
        if (!hold) to.write(chunk)
      })
    }
    const end = (code, note = '') => {
      if (!hold) process.stderr.write(note)
      resolve({ code, output: Buffer.concat(chunks).toString() + note })
    }
    child.on('error', (error) => end(127, `${error.message}\n`))
    child.on('close', (code, signal) => end(code ?? 1, signal === null ? '' : `${argv[0]} was ended by ${signal}\n`))
  })
}

/** The program of an installed npm package, as an argv to put before its arguments. */
export function tool(path) {
  return [process.execPath, join(ROOT, 'node_modules', path)]
}

/** Whether a program is on the PATH. */
export function installed(program) {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
