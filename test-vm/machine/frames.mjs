// What host and guest say to each other: a letter, a length, a payload; see guest/agent.h.
const HEAD = 5

/** @param {string} letter @param {Buffer} payload */
export function encodeFrame(letter, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(HEAD)
  head.write(letter, 'latin1')
  head.writeUInt32LE(payload.length, 1)
  return Buffer.concat([head, payload])
}

/** The payload of a command. @param {{ argv: string[], cwd: string, uid: number, env: Record<string, string> }} command */
export function encodeCommand({ argv, cwd, uid, env }) {
  const strings = [cwd, String(uid), String(argv.length), ...argv, ...Object.entries(env).map((pair) => pair.join('='))]
  const odd = strings.find((text) => text.includes('\0'))
  if (odd !== undefined) throw new RangeError(`Cannot send ${JSON.stringify(odd)} to the guest: it contains a NUL`)
  return Buffer.from(strings.map((text) => `${text}\0`).join(''))
}

/** Cuts what arrives into frames. */
export class FrameReader {
  #rest = Buffer.alloc(0)

  /** @param {Buffer} chunk @returns {{ letter: string, payload: Buffer }[]} the frames that are complete now */
  push(chunk) {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const frames = []
    while (this.#rest.length >= HEAD) {
      const end = HEAD + this.#rest.readUInt32LE(1)
      if (this.#rest.length < end) break
      frames.push({ letter: String.fromCharCode(this.#rest[0]), payload: this.#rest.subarray(HEAD, end) })
      this.#rest = this.#rest.subarray(end)
    }
    return frames
  }
}

/** The exit code a shell would report for a wait status. */
export function exitCodeOf(status) {
  const signal = status & 0x7f
  return signal === 0 ? (status >> 8) & 0xff : 128 + signal
}
