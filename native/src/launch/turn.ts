// One launch a turn of the event loop. Linking, encoding and sending a plan keeps JavaScript busy for half a millisecond: sixty-four
// at once would hold up timers and sockets for thirty.

let taken = false
const waiting: (() => void)[] = []

/** Undefined where the caller may go on at once, which is the rule; else resolves in a turn of its own. @internal */
export function turn(): Promise<void> | undefined {
  if (taken) return new Promise((resolve) => waiting.push(resolve))
  taken = true
  setImmediate(next)
  return undefined
}

function next(): void {
  const resolve = waiting.shift()
  taken = resolve !== undefined
  if (resolve === undefined) return
  setImmediate(next)
  resolve()
}
