import type { Resources } from '../../oci/spec/resources.js'
import { asResources } from '../../oci/config/check-schema.js'
import { readJson } from '../../oci/config/read-config.js'
import { liveContainer } from '../../oci/lifecycle/live-cgroup.js'
import { resourceLimits } from '../../oci/steps/resources.js'
import { numberOption, parseArguments, UsageError, wantWords, type Parsed } from '../arguments.js'
import type { Verb } from './verb.js'

const NUMBERS = [
  'blkio-weight',
  'cpu-period',
  'cpu-quota',
  'cpu-burst',
  'cpu-share',
  'cpu-rt-period',
  'cpu-rt-runtime',
  'cpu-idle',
  'memory',
  'memory-reservation',
  'memory-swap',
  'kernel-memory',
  'kernel-memory-tcp',
  'pids-limit',
] as const
const TEXTS = ['cpuset-cpus', 'cpuset-mems', 'resources', 'l3-cache-schema', 'mem-bw-schema'] as const

/** `update [--resources FILE|-] [--memory …] ID`: change limits of a running container. */
export const update: Verb = async (words, { root }) => {
  const parsed = parseArguments(words, {
    options: Object.fromEntries([...NUMBERS, ...TEXTS].map((name) => [name, 'value'])),
    short: { r: 'resources' },
  })
  wantWords(parsed, 1, 1, 'update')
  const { cgroup } = liveContainer(root, parsed.words[0] ?? '', 'update')
  const file = parsed.values.get('resources')
  const resources = file === undefined ? fromOptions(parsed) : asResources(readJson(file === '-' ? 0 : file))
  await cgroup.update(resourceLimits(resources))
  return 0
}

function fromOptions(parsed: Parsed): Resources {
  for (const name of ['l3-cache-schema', 'mem-bw-schema'])
    if (parsed.values.has(name)) throw new UsageError(`--${name}: Intel RDT is not supported`)
  const number = (name: (typeof NUMBERS)[number]) => numberOption(parsed, name)
  const some = <K extends string>(key: K, value: number | string | undefined) =>
    value === undefined ? {} : ({ [key]: value } as Record<K, never>)
  return {
    memory: {
      ...some('limit', number('memory')),
      ...some('reservation', number('memory-reservation')),
      ...some('swap', number('memory-swap')),
      ...some('kernelTCP', number('kernel-memory-tcp')),
    },
    cpu: {
      ...some('shares', number('cpu-share')),
      ...some('quota', number('cpu-quota')),
      ...some('period', number('cpu-period')),
      ...some('burst', number('cpu-burst')),
      ...some('idle', number('cpu-idle')),
      ...some('realtimeRuntime', number('cpu-rt-runtime')),
      ...some('realtimePeriod', number('cpu-rt-period')),
      ...some('cpus', parsed.values.get('cpuset-cpus')),
      ...some('mems', parsed.values.get('cpuset-mems')),
    },
    pids: some('limit', number('pids-limit')),
    blockIO: some('weight', number('blkio-weight')),
  }
}
