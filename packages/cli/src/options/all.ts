// Every option of `iso run`, in the order in which they are applied and shown.

import { fileOptions } from './files.js'
import { namespaceOptions, securityOptions } from './isolation.js'
import type { RunOption } from './option.js'
import { programOptions } from './program.js'
import { resourceOptions } from './resources.js'
import { sessionOptions } from './session.js'

/** Every option of `iso run`. */
export const RUN_OPTIONS: readonly RunOption[] = [
  ...sessionOptions,
  ...programOptions,
  ...resourceOptions,
  ...fileOptions,
  ...namespaceOptions,
  ...securityOptions,
]
