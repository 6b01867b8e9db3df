import { parseArgs } from 'node:util'

import { findKernel, KERNELS } from './kernel/catalogue.mjs'

export const USAGE = `npm run test:vm -- [options] [folder or part of a file's name]...

  --kernel NAME   ${KERNELS.map(({ name }) => name).join(' or ')}; repeat it for several (default: all)
  --selection S   ci: what the gate runs; all: every suite (default: all)
  --grep TEXT     only tests whose names contain it
  --accel A       kvm or tcg (default: kvm where it boots, else tcg)
  --update        ask the mirror for newer kernels first
  --minutes N     deadline of each kernel's tests (default: 40)
  --command C     run a shell command in the guest instead of tests
  --help`

/**
 * @typedef {object} Options
 * @property {import('./kernel/catalogue.mjs').KernelChoice[]} kernels
 * @property {'ci' | 'all'} selection
 * @property {string | undefined} grep
 * @property {'kvm' | 'tcg' | undefined} accelerator
 * @property {boolean} update
 * @property {number} deadlineMs
 * @property {string | undefined} command
 * @property {string[]} patterns
 * @property {boolean} help
 */

/**
 * @param {string[]} argv
 * @returns {Options}
 * @throws TypeError or RangeError with the value that is wrong
 */
export function parseOptions(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      kernel: { type: 'string', multiple: true },
      selection: { type: 'string', default: 'all' },
      grep: { type: 'string' },
      accel: { type: 'string' },
      update: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '40' },
      command: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const minutes = Number(values.minutes)
  if (!(minutes > 0)) throw new RangeError(`Cannot wait ${values.minutes} minutes: wanted a number above 0`)
  return {
    kernels: values.kernel === undefined ? [...KERNELS] : values.kernel.map(findKernel),
    selection: oneOf('selection', values.selection, ['ci', 'all']),
    grep: values.grep,
    accelerator: values.accel === undefined ? undefined : oneOf('accel', values.accel, ['kvm', 'tcg']),
    update: values.update,
    deadlineMs: minutes * 60_000,
    command: values.command,
    patterns: positionals,
    help: values.help,
  }
}

function oneOf(name, value, allowed) {
  if (!allowed.includes(value))
    throw new RangeError(`Cannot take --${name} ${value}: wanted one of ${allowed.join(', ')}`)
  return value
}
