import { closeFd, shutdown } from '@iso/native'
import { createContainer } from '../../oci/lifecycle/create.js'
import { parseArguments } from '../arguments.js'
import { CREATE_OPTIONS, createRequest } from './create-options.js'
import type { Verb } from './verb.js'

/** `create [--bundle DIR] … ID`. */
export const create: Verb = async (words, globals) => {
  const { pidfd } = await createContainer(createRequest(parseArguments(words, CREATE_OPTIONS), globals, 'create'))
  closeFd(pidfd)
  shutdown()
  return 0
}
