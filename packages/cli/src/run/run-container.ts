// One run from its start to its exit status.

import { start, type Container, type Receipt } from '@iso/runtime'

import { exitCodeOf } from '../errors/exit-code.js'
import { complain } from '../output/write.js'
import { forwardSignals, onEndingSignals } from '../tty/forward-signals.js'
import { attachStreams, attachTerminal } from './attach.js'
import type { RunCommand } from './parse-run.js'
import { chooseStdio } from './stdio.js'

/**
 * Run a container in the foreground.
 *
 * @returns the exit status of its program, or 128 and the number of the signal that ended it.
 * @throws IsoError and others of `start()`: the program has not run.
 */
export async function runContainer(command: RunCommand): Promise<number> {
  const container = await start(command.argv, { ...command.options, ...chooseStdio(command) })
  const unhook = handleSignals(container, command)
  const attached = command.tty ? attachTerminal(container, command.interactive) : attachStreams(container)
  try {
    const receipt = await container.wait()
    await attached.drained
    attached.detach()
    explainEnd(receipt, command)
    return exitCodeOf(receipt)
  } finally {
    attached.detach()
    unhook()
    await container.close()
  }
}

// With a terminal the keys reach the program as bytes; a signal comes from outside and is meant for iso, which ends the container
// with it. Without one it is meant for the program, unless --sig-proxy=false leaves signals to do to iso what they do.
function handleSignals(container: Container, { tty, sigProxy = !tty, options }: RunCommand): () => void {
  if (sigProxy) return forwardSignals((signal) => void container.kill(signal))
  if (!tty) return () => undefined
  const { stopSignal, stopTimeoutMs } = options
  return onEndingSignals(() => {
    void container.stop({
      ...(stopSignal === undefined ? {} : { signal: stopSignal }),
      ...(stopTimeoutMs === undefined ? {} : { timeoutMs: stopTimeoutMs }),
    })
  })
}

// Status 137 alone does not tell why.
function explainEnd({ cause }: Receipt, { options }: RunCommand): void {
  const { memory, timeout, outputLimit } = options
  if (cause === 'oom') complain(`iso: the container ran out of memory and was killed${memory === undefined ? '' : `; --memory is ${memory}`}`)
  if (cause === 'timeout') complain(`iso: the container was killed after ${timeout}, as --timeout asks`)
  if (cause === 'output-limit') complain(`iso: the container was killed: it wrote more than ${outputLimit}, its --output-limit`)
}
