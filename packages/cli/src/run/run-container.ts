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
 * @param undo takes back what was made for the container, where it does not start.
 * @returns the exit status of its program, or 128 and the number of the signal that ended it.
 * @throws IsoError and others of `start()`: the program has not run.
 */
export async function runContainer(command: RunCommand, undo: () => void = () => undefined): Promise<number> {
  const starting = start(command.argv, { ...command.options, ...chooseStdio(command) })
  // From now on, not from its start on: the program may be known to run (it has printed something) before start() tells us so.
  const unhook = handleSignals(starting, command)
  try {
    return await follow(await starting.catch(after(undo)), command)
  } finally {
    unhook()
  }
}

const after = (undo: () => void) => (error: unknown) => {
  undo()
  throw error
}

async function follow(container: Container, command: RunCommand): Promise<number> {
  const attached = command.tty ? attachTerminal(container, command.interactive) : attachStreams(container)
  try {
    const receipt = await container.wait()
    await attached.drained
    attached.detach()
    explainEnd(receipt, command)
    return exitCodeOf(receipt)
  } finally {
    attached.detach()
    await container.close()
  }
}

// With a terminal the keys reach the program as bytes; a signal comes from outside and is meant for iso, which ends the container
// with it. Without one it is meant for the program, unless --sig-proxy=false leaves signals to do to iso what they do.
function handleSignals(starting: Promise<Container>, { tty, sigProxy = !tty }: RunCommand): () => void {
  // A start that fails is reported by whoever awaits it.
  const tell = (act: (container: Container) => unknown) => void starting.then(act).catch(() => undefined)
  if (sigProxy) return forwardSignals((signal) => tell((container) => container.kill(signal)))
  if (!tty) return () => undefined
  return onEndingSignals(() => tell((container) => container.stop()))
}

// Status 137 alone does not tell why.
function explainEnd({ cause }: Receipt, { options }: RunCommand): void {
  const { memory, timeout, outputLimit } = options
  if (cause === 'oom')
    complain(
      `iso: the container ran out of memory and was killed${memory === undefined ? '' : `; --memory is ${memory}`}`
    )
  if (cause === 'timeout') complain(`iso: the container was killed after ${timeout}, as --timeout asks`)
  if (cause === 'output-limit')
    complain(`iso: the container was killed: it wrote more than ${outputLimit}, its --output-limit`)
}
