// iso ns show

import { closeSync, existsSync, openSync } from 'node:fs'

import { hostnameInNamespace, IsoError, type NamespaceName } from '@iso/native'
import { identify, isSame, NAMESPACE_NAMES, owner, parent } from '@iso/ns'
import { Command } from 'commander'

import { formatOption, printJson } from '../output/format.js'
import { table } from '../output/table.js'
import { print } from '../output/write.js'
import { parsePid } from '../parse/pid.js'
import { parse } from './parse.js'

interface Shown {
  type: NamespaceName
  inode: number
  /** Whether iso is in the same one. */
  shared: boolean
  /** Owner of the user namespace it belongs to; null where we may not know. */
  ownerUid: number | null
  /** The user namespace that governs it; null where it is outside of ours. */
  userNamespace: number | null
  /** pid and user namespaces: the one it was made in; null at the top. */
  parent?: number | null
  /** uts namespaces. */
  hostname?: string
}

/** Options of `iso ns show`. */
export function syntax(): Command {
  return new Command('iso ns show')
    .description(
      'Show the namespaces of a process: which it shares with iso, which user namespace governs each, and who owns it.'
    )
    .argument('[PID]', 'process; default: the shell that runs iso')
    .addOption(formatOption())
    .helpOption('-h, --help', 'show this help')
}

/** Show namespaces. */
export async function main(words: readonly string[]): Promise<number> {
  const command = parse(syntax(), words)
  const pid = parsePid(command.args[0])
  const found = lookAtAll(pid)
  if (command.opts<{ format: string }>().format === 'json') {
    printJson({ pid, namespaces: found })
    return 0
  }
  const rows = found.map(({ type, inode, shared, ownerUid, userNamespace, parent, hostname }) => [
    type,
    String(inode),
    shared ? 'yes' : 'no',
    String(userNamespace ?? '-'),
    String(ownerUid ?? '-'),
    [
      ...(parent === undefined || parent === null ? [] : [`in ${parent}`]),
      ...(hostname === undefined ? [] : [hostname]),
    ].join(' '),
  ])
  print(table(['type', 'ns', 'shared', 'user ns', 'owner', 'more'], rows))
  return 0
}

function lookAtAll(pid: number): Shown[] {
  try {
    return NAMESPACE_NAMES.filter((type) => existsSync(`/proc/self/ns/${type}`)).map((type) => look(pid, type))
  } catch (error) {
    if (!(error instanceof IsoError) || (error.errnoName !== 'EACCES' && error.errnoName !== 'EPERM')) throw error
    throw new IsoError('ISO_SYSCALL', `Cannot look at the namespaces of process ${pid}`, {
      ...(error.errno === undefined ? {} : { errno: error.errno }),
      path: `/proc/${pid}/ns`,
      hint: "another user's process shows them to root only (CAP_SYS_PTRACE); iso ns ls lists those that may be seen",
      cause: error,
    })
  }
}

function look(pid: number, type: NamespaceName): Shown {
  const ref = { pid, type }
  const { inode, ownerUid } = identify(ref)
  const nested = type === 'pid' || type === 'user'
  return {
    type,
    inode,
    shared: isSame({ pid: 'self', type }, ref),
    ownerUid,
    userNamespace: owner(ref)?.inode ?? null,
    ...(nested ? { parent: parent(ref)?.inode ?? null } : {}),
    ...(type === 'uts' ? hostname(pid) : {}),
  }
}

function hostname(pid: number): { hostname?: string } {
  const fd = openSync(`/proc/${pid}/ns/uts`, 'r')
  try {
    return { hostname: hostnameInNamespace(fd).hostname }
  } catch {
    return {} // EPERM: only who has CAP_SYS_ADMIN over it may ask
  } finally {
    closeSync(fd)
  }
}
