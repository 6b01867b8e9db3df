// The shape of config.json, process.json and resources.json.

import type { Config } from '../spec/config.js'
import type { Process } from '../spec/process.js'
import type { Resources } from '../spec/resources.js'
import { showValue } from './big-numbers.js'
import { ConfigError, jsonPath } from './config-error.js'
import { checkConfig, checkProcess, checkResources, type Check, type Fault } from './schema.gen.js'

/** @throws ConfigError with the JSON path and the value. */
export const asConfig = (value: unknown): Config => fit<Config>(value, checkConfig)

/** @throws ConfigError with the JSON path and the value. */
export const asProcess = (value: unknown): Process => fit<Process>(value, checkProcess)

/** @throws ConfigError with the JSON path and the value. */
export const asResources = (value: unknown): Resources => fit<Resources>(value, checkResources)

function fit<T>(value: unknown, check: Check): T {
  const clean = withoutNulls(value)
  if (check(clean)) return clean as T
  const [fault] = check.errors ?? []
  if (fault === undefined) throw new ConfigError('$', 'it does not fit')
  throw new ConfigError(jsonPath(fault.instancePath), describe(clean, fault))
}

// Programs written in Go say null where they have nothing.
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, one]) => one !== null)
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutNulls(one)]))
}

function describe(root: unknown, { instancePath, keyword, params, message }: Fault): string {
  const value = showValue(lookUp(root, instancePath))
  switch (keyword) {
    case 'required':
      return `property ${JSON.stringify(params['missingProperty'])} is missing`
    case 'type':
      return `${value} is no ${String(params['type'])}`
    case 'enum':
      return `${value} is unknown; wanted one of ${(params['allowedValues'] as string[]).join(', ')}`
    case 'pattern':
      return `${value} does not match ${String(params['pattern'])}`
    case 'minimum':
    case 'maximum':
      return `${value} is out of range; it ${message}`
    default:
      return `${value} ${message}`
  }
}

function lookUp(root: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], root)
}
