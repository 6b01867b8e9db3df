// What a schema cannot say: versions, paths, and fields that exclude or need one another.

import type { Config } from '../spec/config.js'
import type { HookName } from '../spec/hooks.js'
import type { NamespaceKind } from '../spec/linux.js'
import type { Process } from '../spec/process.js'
import { showValue } from './big-numbers.js'
import { ConfigError } from './config-error.js'

/** @throws ConfigError with the JSON path and the value. */
export function checkMeaning(config: Config): void {
  checkVersion(config.ociVersion)
  if (config.root === undefined) throw new ConfigError('$.root', 'it is missing')
  if (config.root.path === '') throw new ConfigError('$.root.path', 'it is empty')
  noNul('$.root.path', config.root.path)
  if (config.process !== undefined) checkProcessMeaning(config.process, '$.process')
  checkNamespaces(config)
  config.mounts?.forEach(({ destination, uidMappings, gidMappings }, i) => {
    noNul(`$.mounts[${i}].destination`, destination)
    if (destination === '') throw new ConfigError(`$.mounts[${i}].destination`, 'it is empty')
    if ((uidMappings === undefined) !== (gidMappings === undefined))
      throw new ConfigError(`$.mounts[${i}]`, 'uidMappings and gidMappings come together')
  })
  for (const name of HOOKS) config.hooks?.[name]?.forEach(({ path }, i) => absolute(`$.hooks.${name}[${i}].path`, path))
  config.linux?.devices?.forEach(({ path }, i) => absolute(`$.linux.devices[${i}].path`, path))
  for (const key of ['maskedPaths', 'readonlyPaths'] as const)
    config.linux?.[key]?.forEach((path, i) => absolute(`$.linux.${key}[${i}]`, path))
}

/** @throws ConfigError with the JSON path and the value. */
export function checkProcessMeaning(process: Process, place: string): void {
  absolute(`${place}.cwd`, process.cwd)
  process.args?.forEach((arg, i) => noNul(`${place}.args[${i}]`, arg))
  process.env?.forEach((line, i) => {
    noNul(`${place}.env[${i}]`, line)
    if (line.indexOf('=') < 1) throw new ConfigError(`${place}.env[${i}]`, `${showValue(line)} is no NAME=value`)
  })
  const { uid = 0, gid = 0, umask = 0 } = process.user ?? {}
  if (uid > HIGHEST_ID) throw new ConfigError(`${place}.user.uid`, `${uid} is above ${HIGHEST_ID}`)
  if (gid > HIGHEST_ID) throw new ConfigError(`${place}.user.gid`, `${gid} is above ${HIGHEST_ID}`)
  if (umask > 0o777) throw new ConfigError(`${place}.user.umask`, `${umask} is above 511`)
  const types = new Set<string>()
  process.rlimits?.forEach(({ type }, i) => {
    if (types.has(type)) throw new ConfigError(`${place}.rlimits[${i}].type`, `${showValue(type)} stands twice`)
    types.add(type)
  })
}

const HOOKS: readonly HookName[] = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
]

const HIGHEST_ID = 2 ** 31 - 1

// The specification promises that 1.x stays readable; what 1.4 may add cannot be known.
function checkVersion(version: string): void {
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+(?:[-+][0-9A-Za-z.+-]*)?$/.exec(version) ?? []
  if (major === undefined || minor === undefined)
    throw new ConfigError('$.ociVersion', `${showValue(version)} is no version`)
  if (major !== '1' || Number(minor) > 3)
    throw new ConfigError('$.ociVersion', `${showValue(version)} is not supported; wanted 1.0.0 to 1.3.x`)
}

function checkNamespaces({ linux, hostname, domainname }: Config): void {
  const kinds = new Set<NamespaceKind>()
  linux?.namespaces?.forEach(({ type, path }, i) => {
    if (kinds.has(type)) throw new ConfigError(`$.linux.namespaces[${i}].type`, `${showValue(type)} stands twice`)
    kinds.add(type)
    if (path !== undefined && path !== '') absolute(`$.linux.namespaces[${i}].path`, path)
  })
  if (!kinds.has('mount'))
    throw new ConfigError('$.linux.namespaces', "there is no mount namespace; its mounts would be the machine's")
  const needs = (field: string, value: unknown, kind: NamespaceKind) => {
    const set = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== ''
    if (set && !kinds.has(kind))
      throw new ConfigError(`$.${field}`, `${showValue(value)} without a ${kind} namespace would change the machine`)
  }
  needs('hostname', hostname, 'uts')
  needs('domainname', domainname, 'uts')
  needs('linux.uidMappings', linux?.uidMappings, 'user')
  needs('linux.gidMappings', linux?.gidMappings, 'user')
  needs('linux.timeOffsets', linux?.timeOffsets, 'time')
}

function absolute(place: string, path: string): void {
  noNul(place, path)
  if (!path.startsWith('/')) throw new ConfigError(place, `${showValue(path)} is no absolute path`)
}

function noNul(place: string, text: string): void {
  if (text.includes('\0')) throw new ConfigError(place, `${showValue(text)} holds a NUL byte`)
}
