// Who may start a container now. One launch a turn of the event loop, because linking, encoding and sending a plan keeps JavaScript
// busy for half a millisecond; and no more of them in their set-up than there are processors, because what waits for a processor
// delays the event loop, too, and nothing is gained: 64 containers take as long by twos as all at once (the row `event-loop` of
// docs/performance.md).

import { availableParallelism } from 'node:os'

/** Says that a launch is over its set-up; may be called twice. @internal */
export type Leave = () => void

const AT_ONCE = Math.max(2, availableParallelism())
// A set-up that waits for something else, such as a callback, must not keep the others back: its place is given away after this.
const PATIENCE_MS = 20

let starting = 0
let fresh = true
const waiting: ((leave: Leave) => void)[] = []

/** Take a place: at once where there is one, else when it is this caller's turn. @internal */
export function enter(): Leave | Promise<Leave> {
  if (fresh && starting < AT_ONCE && waiting.length === 0) return take()
  return new Promise((resolve) => waiting.push(resolve))
}

function take(): Leave {
  starting++
  fresh = false
  setImmediate(() => {
    fresh = true
    next()
  })
  let left = false
  const leave = () => {
    if (left) return
    left = true
    clearTimeout(timer)
    starting--
    next()
  }
  const timer = setTimeout(leave, PATIENCE_MS)
  return leave
}

function next(): void {
  if (!fresh || starting >= AT_ONCE) return
  const resolve = waiting.shift()
  if (resolve !== undefined) resolve(take())
}
