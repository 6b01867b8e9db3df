// What Docker takes for true and false: the words of Go's strconv.ParseBool.

const WORDS: Readonly<Record<string, boolean>> = {
  1: true,
  t: true,
  T: true,
  true: true,
  True: true,
  TRUE: true,
  0: false,
  f: false,
  F: false,
  false: false,
  False: false,
  FALSE: false,
}

/**
 * Read a word as true or false.
 *
 * @param what name of the option, for the message.
 * @throws TypeError for any other word.
 */
export function parseBoolean(word: string, what: string): boolean {
  const value = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
  if (value === undefined) throw new TypeError(`Cannot read ${what}: ${JSON.stringify(word)} is neither true nor false`)
  return value
}
