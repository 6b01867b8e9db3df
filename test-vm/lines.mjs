/**
 * Puts a mark before each line, so that two kernels can print at the same time.
 *
 * @param {string} mark
 * @param {(text: string) => void} print
 */
export function markLines(mark, print) {
  let rest = ''
  return {
    /** @param {Buffer | string} chunk */
    write(chunk) {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop()
      if (lines.length > 0) print(lines.map((line) => `${mark}${line}\n`).join(''))
    },
    /** What came last without an end of line. */
    end() {
      if (rest !== '') print(`${mark}${rest}\n`)
      rest = ''
    },
  }
}
