import { setImmediate } from 'node:timers/promises'

const SLICE_MS = 0.3

/** Do something with each item, and let the event loop turn whenever that has taken a third of a millisecond. */
export async function sliced<T>(items: Iterable<T>, use: (item: T) => void): Promise<void> {
  let end = performance.now() + SLICE_MS
  for (const item of items) {
    use(item)
    if (performance.now() < end) continue
    await setImmediate()
    end = performance.now() + SLICE_MS
  }
}
