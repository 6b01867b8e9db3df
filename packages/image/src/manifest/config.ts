// The configuration of an image: what runs in it and how, what its layers unpack to, how it came about.

import { isDigest, type Digest } from '../reference/digest.js'
import { isObject, isTexts, malformedDocument, parseObject, textMap } from './documents.js'

/** How containers of an image run, in Docker's words. */
export interface RunConfig {
  User?: string
  ExposedPorts?: Record<string, object>
  Env?: string[]
  Entrypoint?: string[]
  Cmd?: string[]
  Volumes?: Record<string, object>
  WorkingDir?: string
  Labels?: Record<string, string>
  StopSignal?: string
  StopTimeout?: number
  Shell?: string[]
  OnBuild?: string[]
  ArgsEscaped?: boolean
  Healthcheck?: {
    Test?: string[]
    Interval?: number
    Timeout?: number
    StartPeriod?: number
    StartInterval?: number
    Retries?: number
  }
}

/** One line of how an image came about. */
export interface HistoryEntry {
  created?: string
  created_by?: string
  author?: string
  comment?: string
  empty_layer?: boolean
}

/** The configuration. */
export interface ImageConfig {
  created?: string
  author?: string
  architecture: string
  os: string
  variant?: string
  'os.version'?: string
  'os.features'?: string[]
  config?: RunConfig
  rootfs: { type: 'layers'; diff_ids: Digest[] }
  history?: HistoryEntry[]
}

const TEXTS = ['Env', 'Entrypoint', 'Cmd', 'Shell', 'OnBuild'] as const
const STRINGS = ['User', 'WorkingDir', 'StopSignal'] as const
const SETS = ['ExposedPorts', 'Volumes'] as const

/**
 * Parse and check a configuration. Fields that are not known are kept.
 *
 * @throws IsoError `ISO_IMAGE_MALFORMED`: a field of another type, a variable without a name, a NUL where a program would be cut off, a volume that is
 * no path
 */
export function parseConfig(bytes: Uint8Array): ImageConfig {
  const what = 'image configuration'
  const value = parseObject(bytes, what)
  const { architecture, os, rootfs, history } = value
  if (typeof architecture !== 'string' || typeof os !== 'string')
    throw malformedDocument(what, 'architecture or os is missing')
  if (!isObject(rootfs) || rootfs['type'] !== 'layers') throw malformedDocument(what, 'rootfs is not of type layers')
  const ids = rootfs['diff_ids'] ?? []
  if (!Array.isArray(ids) || !ids.every(isDigest)) throw malformedDocument(what, 'rootfs.diff_ids are no digests')
  for (const name of ['created', 'author', 'variant'] as const)
    if (value[name] !== undefined && typeof value[name] !== 'string')
      throw malformedDocument(what, `${name} is no text`)
  if (history !== undefined && history !== null && !(Array.isArray(history) && history.every(isObject)))
    throw malformedDocument(what, 'history is no list of objects')
  const config = value['config']
  if (config !== undefined && config !== null) checkRunConfig(config, what)
  const { history: _history, config: _config, ...rest } = value
  return {
    ...rest,
    architecture,
    os,
    rootfs: { type: 'layers', diff_ids: ids },
    ...(Array.isArray(history) ? { history: history.map(historyEntry) } : {}),
    ...(isObject(config) ? { config: withoutNulls(config) } : {}),
  }
}

function checkRunConfig(config: unknown, what: string): void {
  if (!isObject(config)) throw malformedDocument(what, 'config is no object')
  const here = (name: string, why: string): never => {
    throw malformedDocument(what, `config.${name} ${why}`)
  }
  for (const name of TEXTS) {
    const list = config[name]
    if (list === undefined || list === null) continue
    if (!isTexts(list)) here(name, 'is no list of text')
    else if (list.some((text) => text.includes('\0'))) here(name, 'holds a NUL')
  }
  for (const variable of (config['Env'] as string[] | null | undefined) ?? [])
    if (variable.startsWith('=') || variable === '') here('Env', 'has a variable without a name')
  for (const name of STRINGS) {
    const text = config[name]
    if (text !== undefined && text !== null && (typeof text !== 'string' || text.includes('\0')))
      here(name, 'is no proper text')
  }
  for (const name of SETS) {
    const set = config[name]
    if (set !== undefined && set !== null && !isObject(set)) here(name, 'is no object')
  }
  for (const path of Object.keys((config['Volumes'] as object | null | undefined) ?? {}))
    if (path === '' || path.includes('\0') || path.split('/').includes('..'))
      here('Volumes', `has ${JSON.stringify(path)}`)
  for (const port of Object.keys((config['ExposedPorts'] as object | null | undefined) ?? {}))
    if (!/^[0-9]{1,5}(-[0-9]{1,5})?(\/(tcp|udp|sctp))?$/i.test(port))
      here('ExposedPorts', `has ${JSON.stringify(port)}`)
  textMap(config['Labels'], what, 'config.Labels')
}

function historyEntry(value: Record<string, unknown>): HistoryEntry {
  const entry: HistoryEntry = {}
  for (const name of ['created', 'created_by', 'author', 'comment'] as const)
    if (typeof value[name] === 'string') entry[name] = value[name]
  if (value['empty_layer'] === true) entry.empty_layer = true
  return entry
}

// Go writes what is not set as null.
function withoutNulls(config: Record<string, unknown>): RunConfig {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null))
}

/** Chain ids: the id of a stack of layers, for each layer from the lowest. */
export function chainIds(diffIds: readonly Digest[], digest: (text: string) => Digest): Digest[] {
  const chain: Digest[] = []
  for (const diffId of diffIds) {
    const parent = chain.at(-1)
    chain.push(parent === undefined ? diffId : digest(`${parent} ${diffId}`))
  }
  return chain
}
