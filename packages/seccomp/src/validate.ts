import { archNamed } from './arch.js'
import { errnoOf } from './internal/actions.js'
import { list, object, oneOf, onlyKeys as refuseOthers, text, u64, wholeNumber, wrong } from './internal/check.js'
import type { Action, Comparison, FilterFlag, Profile } from './profile.js'

const ACTIONS: readonly Action[] = [
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_LOG',
  'SCMP_ACT_NOTIFY',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_TRAP',
]
const COMPARISONS: readonly Comparison[] = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
]
const FLAGS: readonly FilterFlag[] = [
  'SECCOMP_FILTER_FLAG_TSYNC',
  'SECCOMP_FILTER_FLAG_LOG',
  'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
  'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
]
// Larger error numbers are cut to this by the kernel (MAX_ERRNO).
const MAX_ERRNO = 4095

type KeyCheck = typeof refuseOthers

/** How strictly a profile is read. */
export interface ValidateOptions {
  /**
   * What happens to fields the format does not have. Refusing finds `arg` written for `args`, which would make a rule unconditional; the OCI
   * specification wants a runtime to ignore them. Default: `refuse`.
   */
  unknownFields?: 'refuse' | 'ignore'
}

/**
 * Check that a value is a seccomp profile in Docker's or the OCI format.
 *
 * Names of system calls are not checked: every profile names some that only other architectures or newer kernels have.
 * See `unknownNames()` for those that may be typing errors.
 *
 * @param value - what `JSON.parse` made of the file.
 * @returns the same value, typed.
 * @throws TypeError with the place and the value, such as `syscalls[3].args[0].index is 7; wanted a whole number from 0 to 5`.
 * @example
 * ```ts
 * import { validateProfile } from '@iso/seccomp'
 * const profile = validateProfile(JSON.parse('{ "defaultAction": "SCMP_ACT_ALLOW" }'))
 * console.log(profile.defaultAction) // SCMP_ACT_ALLOW
 * ```
 */
export function validateProfile(value: unknown, { unknownFields = 'refuse' }: ValidateOptions = {}): Profile {
  const onlyKeys = unknownFields === 'refuse' ? refuseOthers : (): void => undefined
  const profile = object(value, '')
  onlyKeys(profile, '', [
    'defaultAction',
    'defaultErrnoRet',
    'defaultErrno',
    'architectures',
    'archMap',
    'flags',
    'listenerPath',
    'listenerMetadata',
    'syscalls',
  ])
  const action = oneOf(profile['defaultAction'], 'defaultAction', ACTIONS)
  if (action === 'SCMP_ACT_NOTIFY') {
    throw wrong(
      'defaultAction',
      action,
      'another action: the program could not even be executed before a listener answers'
    )
  }
  if (profile['defaultErrnoRet'] !== undefined) wholeNumber(profile['defaultErrnoRet'], 'defaultErrnoRet', MAX_ERRNO)
  checkErrno(profile['defaultErrno'], 'defaultErrno')
  checkArchitectures(profile, onlyKeys)
  const notifies = list(profile['syscalls'], 'syscalls')
    .map((rule, i) => checkRule(rule, `syscalls[${i}]`, onlyKeys))
    .includes('SCMP_ACT_NOTIFY')
  list(profile['flags'], 'flags').forEach((flag, i) => {
    const name = oneOf(flag, `flags[${i}]`, FLAGS)
    if (name === 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV' && !notifies)
      throw wrong(`flags[${i}]`, name, 'a rule with SCMP_ACT_NOTIFY beside it')
  })
  if (profile['listenerPath'] !== undefined) {
    text(profile['listenerPath'], 'listenerPath')
    if (!notifies) throw wrong('listenerPath', profile['listenerPath'], 'a rule with SCMP_ACT_NOTIFY beside it')
  }
  if (profile['listenerMetadata'] !== undefined) text(profile['listenerMetadata'], 'listenerMetadata')
  return value as Profile
}

function checkArchitectures(profile: Record<string, unknown>, onlyKeys: KeyCheck): void {
  const architectures = list(profile['architectures'], 'architectures')
  const archMap = list(profile['archMap'], 'archMap')
  if (architectures.length > 0 && archMap.length > 0)
    throw wrong('archMap', archMap, 'either architectures or archMap, not both')
  architectures.forEach((name, i) => checkArch(name, `architectures[${i}]`))
  archMap.forEach((entry, i) => {
    const at = `archMap[${i}]`
    const map = object(entry, at)
    onlyKeys(map, at, ['architecture', 'subArchitectures'])
    checkArch(map['architecture'], `${at}.architecture`)
    list(map['subArchitectures'], `${at}.subArchitectures`).forEach((name, j) =>
      checkArch(name, `${at}.subArchitectures[${j}]`)
    )
  })
}

function checkErrno(value: unknown, path: string): void {
  if (value === undefined || value === '') return
  const number = errnoOf(text(value, path))
  if (number === undefined || number > MAX_ERRNO) throw wrong(path, value, 'the name of an error, such as ENOSYS')
}

function checkArch(value: unknown, path: string): void {
  if (archNamed(text(value, path)) === undefined)
    throw wrong(path, value, 'the name of an architecture, such as SCMP_ARCH_X86_64')
}

function checkRule(value: unknown, path: string, onlyKeys: KeyCheck): Action {
  const rule = object(value, path)
  onlyKeys(rule, path, ['names', 'name', 'action', 'errnoRet', 'errno', 'args', 'includes', 'excludes', 'comment'])
  const names = list(rule['names'], `${path}.names`)
  if (rule['name'] !== undefined && rule['name'] !== '') {
    text(rule['name'], `${path}.name`)
    if (names.length > 0) throw wrong(`${path}.name`, rule['name'], 'either name or names, not both')
  } else if (names.length === 0) {
    throw wrong(`${path}.names`, rule['names'], 'at least one system call name')
  }
  names.forEach((name, i) => text(name, `${path}.names[${i}]`, 'the name of a system call'))
  const action = oneOf(rule['action'], `${path}.action`, ACTIONS)
  if (rule['errnoRet'] !== undefined && rule['errnoRet'] !== null)
    wholeNumber(rule['errnoRet'], `${path}.errnoRet`, MAX_ERRNO)
  checkErrno(rule['errno'], `${path}.errno`)
  list(rule['args'], `${path}.args`).forEach((arg, i) => checkCondition(arg, `${path}.args[${i}]`, onlyKeys))
  for (const key of ['includes', 'excludes'] as const) {
    if (rule[key] !== undefined && rule[key] !== null) checkFilter(rule[key], `${path}.${key}`, onlyKeys)
  }
  return action
}

function checkCondition(value: unknown, path: string, onlyKeys: KeyCheck): void {
  const condition = object(value, path)
  onlyKeys(condition, path, ['index', 'value', 'valueTwo', 'op'])
  wholeNumber(condition['index'], `${path}.index`, 5)
  u64(condition['value'], `${path}.value`)
  if (condition['valueTwo'] !== undefined) u64(condition['valueTwo'], `${path}.valueTwo`)
  oneOf(condition['op'], `${path}.op`, COMPARISONS)
}

function checkFilter(value: unknown, path: string, onlyKeys: KeyCheck): void {
  const filter = object(value, path)
  onlyKeys(filter, path, ['caps', 'arches', 'minKernel'])
  list(filter['caps'], `${path}.caps`).forEach((name, i) => {
    if (!/^CAP_[A-Z0-9_]+$/.test(text(name, `${path}.caps[${i}]`)))
      throw wrong(`${path}.caps[${i}]`, name, 'a name such as CAP_SYS_ADMIN')
  })
  list(filter['arches'], `${path}.arches`).forEach((name, i) => checkArch(name, `${path}.arches[${i}]`))
  const kernel = filter['minKernel']
  if (kernel !== undefined && !/^\d+\.\d+/.test(text(kernel, `${path}.minKernel`)))
    throw wrong(`${path}.minKernel`, kernel, 'a version such as 4.8')
}
