import { resolve } from 'node:path'
import { shutdown } from '@iso/native'
import { asProcess } from '../../oci/config/check-schema.js'
import { readJson } from '../../oci/config/read-config.js'
import { execDetached, execHere, type ExecRequest } from '../../oci/lifecycle/exec.js'
import { writePidFile } from '../../oci/lifecycle/pid-file.js'
import type { CapabilityLists, Process, User } from '../../oci/spec/process.js'
import { numberOption, parseArguments, UsageError, type OptionTable, type Parsed } from '../arguments.js'
import { attachChild } from '../foreground/follow.js'
import type { Verb } from './verb.js'

const TABLE: OptionTable = {
  stop: true,
  options: {
    'console-socket': 'value',
    cwd: 'value',
    env: 'list',
    tty: 'flag',
    user: 'value',
    'additional-gids': 'list',
    process: 'value',
    detach: 'flag',
    'pid-file': 'value',
    'process-label': 'value',
    apparmor: 'value',
    'no-new-privs': 'flag',
    cap: 'list',
    'preserve-fds': 'value',
    cgroup: 'list',
    'ignore-paused': 'flag',
    'no-subreaper': 'flag',
  },
  short: { e: 'env', t: 'tty', u: 'user', g: 'additional-gids', p: 'process', d: 'detach', c: 'cap' },
}

/** `exec [OPTION …] ID COMMAND …`, or with `--process FILE`. */
export const exec: Verb = async (words, { root }) => {
  const parsed = parseArguments(words, TABLE)
  const [id, ...argv] = parsed.words
  const file = parsed.values.get('process')
  if (id === undefined || (file === undefined && argv.length === 0))
    throw new UsageError('"exec": requires a container and a command, or --process')
  const [consoleSocket, pidFile] = [parsed.values.get('console-socket'), parsed.values.get('pid-file')]
  const request: ExecRequest = {
    root,
    id,
    process:
      file === undefined ? (own) => changed(own, argv, parsed) : () => asProcess(readJson(file === '-' ? 0 : file)),
    ...(consoleSocket !== undefined && { consoleSocket: resolve(consoleSocket) }),
    preserveFds: numberOption(parsed, 'preserve-fds') ?? 0,
    cgroups: parsed.lists.get('cgroup') ?? [],
    ignorePaused: parsed.flags.has('ignore-paused'),
  }
  try {
    if (parsed.flags.has('detach')) {
      await execDetached({ ...request, ...(pidFile !== undefined && { pidFile: resolve(pidFile) }) })
      return 0
    }
    const child = await execHere(request)
    if (pidFile !== undefined) writePidFile(resolve(pidFile), child.pid)
    return await attachChild(child)
  } finally {
    shutdown()
  }
}

// The container's own process with what the options say.
function changed(own: Process, args: readonly string[], { values, lists, flags }: Parsed): Process {
  const [cwd, apparmorProfile, selinuxLabel] = [values.get('cwd'), values.get('apparmor'), values.get('process-label')]
  const user = userOf(own.user ?? {}, values.get('user'), lists.get('additional-gids') ?? [])
  const { consoleSize: _, ...rest } = own
  return {
    ...rest,
    args,
    terminal: flags.has('tty'),
    env: [...(own.env ?? []), ...(lists.get('env') ?? [])],
    user,
    ...(cwd !== undefined && { cwd }),
    ...(apparmorProfile !== undefined && { apparmorProfile }),
    ...(selinuxLabel !== undefined && { selinuxLabel }),
    ...(flags.has('no-new-privs') && { noNewPrivileges: true }),
    ...(lists.has('cap') && { capabilities: withCaps(own.capabilities ?? {}, lists.get('cap') ?? []) }),
  }
}

function userOf(own: User, text: string | undefined, gids: readonly string[]): User {
  const additionalGids = [...(own.additionalGids ?? []), ...gids.map((gid) => id(gid, 'additional-gids'))]
  const base = { ...own, ...(additionalGids.length > 0 && { additionalGids }) }
  if (text === undefined) return base
  const [uid = '', gid] = text.split(':')
  return { ...base, uid: id(uid, 'user'), ...(gid !== undefined && { gid: id(gid, 'user') }) }
}

// A number and nothing else: a name is never looked up (CVE-2024-40635).
function id(text: string, option: string): number {
  if (!/^\d{1,10}$/.test(text))
    throw new UsageError(`invalid value ${JSON.stringify(text)} for --${option}: wanted a number`)
  return Number(text)
}

// Nothing inheritable (CVE-2022-29162).
function withCaps(own: CapabilityLists, more: readonly string[]): CapabilityLists {
  const add = (list: readonly string[] = []) => [...list, ...more]
  return { ...own, bounding: add(own.bounding), effective: add(own.effective), permitted: add(own.permitted) }
}
