// One running guest: it boots, runs commands one after the other, and ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

import { InfrastructureError } from '../infrastructure-error.mjs'
import { encodeCommand, encodeFrame, exitCodeOf, FrameReader } from './frames.mjs'
import { makeBootFiles } from './boot-files.mjs'
import { logTail } from './kernel-log.mjs'
import { CHANNEL, qemuArguments } from './qemu-arguments.mjs'

const QUIT_MS = 10_000

/** A booted guest. Whatever happens to this process, QEMU does not outlive it: the kernel kills it with its parent. */
export class Machine {
  #qemu
  #channel
  #reader = new FrameReader()
  #log
  #stderr = ''
  // Takes the frames of what is under way.
  #listener = () => {}
  #fail
  /** Rejects when the machine ends. */
  #ended = new Promise((_, reject) => (this.#fail = reject))
  /** What `uname -r` says in the guest. */
  release = ''

  /**
   * @param {{ kernel: import('../kernel/cache.mjs').Kernel, accelerator: 'kvm' | 'tcg', log: string, bootMs: number,
   *   memoryMib?: number, processors?: number, signal?: AbortSignal }} options log: file for the kernel's messages
   * @returns {Promise<Machine>} when the agent has answered
   */
  static async boot({ kernel, accelerator, log, bootMs, memoryMib = 3072, processors = 2, signal }) {
    const files = await makeBootFiles(kernel)
    const machine = new Machine()
    try {
      signal?.throwIfAborted()
      const argv = qemuArguments({ accelerator, vmlinux: kernel.vmlinux, ...files, log, memoryMib, processors })
      machine.#start(argv, log, signal)
      await machine.#until('R', bootMs, 'boot', ({ payload }) => (machine.release = payload.toString()))
      return machine
    } catch (error) {
      await machine.kill()
      throw error
    } finally {
      // QEMU has them open; nothing is left even where this process is killed later.
      rmSync(files.directory, { recursive: true, force: true })
    }
  }

  #start(argv, log, signal) {
    this.#log = log
    // Without an own handler a rejection that nobody awaits at this moment would end Node.
    this.#ended.catch(() => {})
    this.#qemu = spawn('setpriv', ['--pdeathsig', 'KILL', ...argv], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
    this.#channel = this.#qemu.stdio[CHANNEL]
    this.#channel.on('error', () => {})
    this.#channel.on('data', (chunk) => {
      for (const frame of this.#reader.push(chunk)) this.#listener(frame)
    })
    this.#qemu.stderr.on('data', (chunk) => (this.#stderr += chunk))
    this.#qemu.on('error', (error) => this.#fail(new InfrastructureError(`QEMU did not start: ${error.message}`)))
    this.#qemu.on('close', (code, killed) => {
      const how = killed === null ? `with status ${code}` : `by ${killed}`
      this.#fail(new InfrastructureError(this.#describe(`The machine ended ${how} before it answered`)))
    })
    signal?.addEventListener('abort', () => this.#fail(signal.reason), { once: true })
  }

  /**
   * Run a command to its end.
   *
   * @param {string[]} argv
   * @param {{ cwd?: string, uid?: number, env?: Record<string, string>, deadlineMs: number,
   *   onOutput?: (chunk: Buffer, stream: 'stdout' | 'stderr') => void }} options
   * @returns {Promise<{ code: number, output: string }>} the code a shell would report; both streams together
   */
  async run(argv, { cwd = '/', uid = 0, env = {}, deadlineMs, onOutput = () => {} }) {
    const chunks = []
    let status
    const take = ({ letter, payload }) => {
      if (letter === 'X') return (status = payload.readInt32LE(0))
      chunks.push(payload)
      onOutput(payload, letter === 'O' ? 'stdout' : 'stderr')
    }
    this.#channel.write(encodeFrame('C', encodeCommand({ argv, cwd, uid, env })))
    await this.#until('X', deadlineMs, `run ${argv.join(' ')}`, take)
    return { code: exitCodeOf(status), output: Buffer.concat(chunks).toString() }
  }

  /** Power off, and wait for the end of QEMU. */
  async close() {
    this.#channel.write(encodeFrame('Q'))
    await this.#until('Q', QUIT_MS, 'power off', () => {})
    this.#channel.end()
    const closed = this.#gone() ? undefined : once(this.#qemu, 'close')
    await Promise.race([closed, delay(QUIT_MS, undefined, { ref: false })])
    await this.kill()
  }

  /** End QEMU at once. Safe to call at any time, and again. */
  async kill() {
    if (this.#qemu === undefined || this.#qemu.pid === undefined || this.#gone()) return
    this.#qemu.kill('SIGKILL')
    await once(this.#qemu, 'close')
  }

  #gone() {
    return this.#qemu.exitCode !== null || this.#qemu.signalCode !== null
  }

  async #until(last, deadlineMs, what, take) {
    const { promise, resolve } = deferred()
    this.#listener = (frame) => {
      take(frame)
      if (frame.letter === last) resolve()
    }
    const timer = new AbortController()
    const late = delay(deadlineMs, undefined, { signal: timer.signal }).then(() => {
      throw new InfrastructureError(this.#describe(`The machine did not ${what} within ${deadlineMs / 1000} s`))
    })
    late.catch(() => {})
    try {
      await Promise.race([promise, this.#ended, late])
    } finally {
      timer.abort()
      this.#listener = () => {}
    }
  }

  #describe(text) {
    const said = this.#stderr.trim()
    return `${text}${said === '' ? '' : `\nQEMU: ${said}`}\nLast lines of ${this.#log}:\n${logTail(this.#log)}`
  }
}

function deferred() {
  let resolve
  const promise = new Promise((one) => (resolve = one))
  return { promise, resolve }
}
