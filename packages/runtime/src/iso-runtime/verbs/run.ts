import { adoptOrphans, closeFd, shutdown } from '@iso/native'
import { createContainer } from '../../oci/lifecycle/create.js'
import { deleteContainer } from '../../oci/lifecycle/delete.js'
import { startContainer } from '../../oci/lifecycle/start.js'
import { follow } from '../foreground/follow.js'
import { parseArguments } from '../arguments.js'
import { log } from '../log.js'
import { CREATE_OPTIONS, createRequest } from './create-options.js'
import type { Verb } from './verb.js'

/** `run [--detach] [--keep] … ID`: create, start, and wait for the end. */
export const run: Verb = async (words, globals) => {
  const parsed = parseArguments(words, {
    ...CREATE_OPTIONS,
    options: { ...CREATE_OPTIONS.options, detach: 'flag', keep: 'flag' },
    short: { ...CREATE_OPTIONS.short, d: 'detach' },
  })
  const request = createRequest(parsed, globals, 'run')
  const detach = parsed.flags.has('detach')
  const { root, id } = request
  if (!detach) adoptOrphans()
  const keepTerminal = !detach && request.consoleSocket === undefined
  const { pidfd, terminal, record } = await createContainer({ ...request, keepTerminal })
  const warn = (message: string) => log(globals, 'warning', message)
  try {
    await startContainer(root, id)
    if (detach) return 0
    const status = await follow({ pidfd, terminal, cgroups: record.cgroups })
    if (!parsed.flags.has('keep')) await deleteContainer(root, id, { force: true, warn })
    return status
  } catch (error) {
    await deleteContainer(root, id, { force: true, warn })
    throw error
  } finally {
    closeFd(pidfd)
    shutdown()
  }
}
