// Signals that this process gets and the program should know of.

/** What can be caught and passed on. Not: SIGCHLD, SIGPIPE, SIGWINCH, job control, faults, and the real-time ones (Node knows no names for them). */
const FORWARDED: readonly NodeJS.Signals[] = [
  // SIGUSR1 is in the list for a second reason: without a listener Node opens its debugger port.
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGTERM',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGVTALRM',
  'SIGIO',
  'SIGPWR',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGCONT',
]
const ENDING: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM']

/** A third request to end is meant: PID 1 of a container ignores signals that it has no handler for. */
const PATIENCE = 3

/**
 * Pass signals on; the third SIGINT or SIGTERM becomes SIGKILL.
 *
 * @returns stops.
 */
export function forwardSignals(send: (signal: NodeJS.Signals) => void): () => void {
  let ending = 0
  return listen(FORWARDED, (signal) => {
    if (signal === 'SIGINT' || signal === 'SIGTERM') ending++
    send(ending >= PATIENCE ? 'SIGKILL' : signal)
  })
}

/**
 * Call back for signals that would end this process, which it then must do itself.
 *
 * @returns stops.
 */
export function onEndingSignals(asked: (signal: NodeJS.Signals) => void): () => void {
  const stop = listen(ENDING, asked)
  const ignored = listen(['SIGUSR1'], () => undefined)
  return () => {
    stop()
    ignored()
  }
}

function listen(signals: readonly NodeJS.Signals[], heard: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of signals) process.on(signal, heard)
  return () => {
    for (const signal of signals) process.off(signal, heard)
  }
}
