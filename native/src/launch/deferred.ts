/** A promise that is settled from outside. @internal */
export interface Deferred<T> {
  promise: Promise<T>
  resolve(this: void, value: T): void
  reject(this: void, error: Error): void
}

/** A rejection that nobody awaits is no unhandled one. @internal */
export function deferred<T>(): Deferred<T> {
  let settle!: Pick<Deferred<T>, 'resolve' | 'reject'>
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }))
  promise.catch(() => undefined)
  return { promise, ...settle }
}
