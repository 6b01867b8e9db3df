// Namespaces, capabilities, filters: how far the container is apart from the host.

import type { UsernsRanges } from '@iso/runtime'

import { idRange } from '../parse/id-range.js'
import { group, type Draft, type RunOption } from './option.js'

const namespaces = group('Namespaces:')
const security = group('Security:')

function oneOf<T extends string>(name: string, words: readonly T[]): (value: string) => T {
  return (value) => {
    const word = words.find((one) => one === value)
    if (word === undefined)
      throw new TypeError(`Cannot read ${name}: ${JSON.stringify(value)} is not there; wanted ${words.join(' or ')}`)
    return word
  }
}

const network = oneOf('--network', ['none', 'host'])
const ipc = oneOf('--ipc', ['private', 'none', 'host'])
const own = (name: string) => oneOf(name, ['private', 'host'])
const [pid, uts, userns, cgroupns] = [own('--pid'), own('--uts'), own('--userns'), own('--cgroupns')] as const

function refuseHost({ options }: Draft): void {
  if (options.userns === 'host')
    throw new TypeError('Cannot map ids: --userns=host shares the user namespace of the host')
}

function rangesOf(draft: Draft): Exclude<UsernsRanges, { user: unknown }> | undefined {
  refuseHost(draft)
  const { userns } = draft.options
  if (typeof userns !== 'object') return undefined
  if ('user' in userns) throw new TypeError('Cannot map ids: --subuidname has given them; wanted one of the two')
  return userns
}

/** Options of the namespaces. */
export const namespaceOptions: readonly RunOption[] = [
  namespaces.value(
    '--network <mode>',
    'none: loopback only (default); host: that of the host',
    (d, v) => (d.options.network = network(v)),
    ['net']
  ),
  namespaces.value('--pid <mode>', 'private (default) or host', (d, v) => (d.options.pid = pid(v))),
  namespaces.value(
    '--ipc <mode>',
    'private (default), none: without /dev/shm, or host',
    (d, v) => (d.options.ipc = ipc(v))
  ),
  namespaces.value('--uts <mode>', 'private (default) or host', (d, v) => (d.options.uts = uts(v))),
  namespaces.value(
    '--userns <mode>',
    'private: root inside is an unprivileged user of the host, of the ids of iso-remap or dockremap in /etc/subuid (an ordinary user always has one), or host',
    (d, v) => (d.options.userns = userns(v))
  ),
  namespaces.value(
    '--subuidname <user>',
    "a user namespace of this user's ids in /etc/subuid and /etc/subgid (podman's)",
    (d, v) => {
      refuseHost(d)
      d.options.userns = { user: v }
    }
  ),
  namespaces.list('--uidmap <inside:outside:count>', "a user namespace with these user ids (podman's)", (d, v) => {
    const uids = v.map((map) => idRange(map, '--uidmap'))
    d.options.userns = { uids, gids: rangesOf(d)?.gids ?? uids }
  }),
  namespaces.list(
    '--gidmap <inside:outside:count>',
    'the same for group ids; one of the two stands for both',
    (d, v) => {
      const gids = v.map((map) => idRange(map, '--gidmap'))
      d.options.userns = { uids: rangesOf(d)?.uids ?? gids, gids }
    }
  ),
  namespaces.value('--cgroupns <mode>', 'private (default) or host', (d, v) => (d.options.cgroupns = cgroupns(v))),
]

/** Options of privilege. */
export const securityOptions: readonly RunOption[] = [
  security.list('--cap-add <capability>', "a capability beyond Docker's 14, or ALL", (d, v) => (d.options.capAdd = v)),
  security.list('--cap-drop <capability>', 'a capability to do without, or ALL', (d, v) => (d.options.capDrop = v)),
  security.flag(
    '--privileged',
    'every capability and device, no filter, no hidden paths',
    (d, on) => (d.options.privileged = on)
  ),
  security.list(
    '--security-opt <option>',
    'seccomp=FILE, seccomp=unconfined, no-new-privileges:false, systempaths=unconfined, apparmor=…, label=…',
    (d, v) => {
      d.options.securityOpt = v
    }
  ),
  security.flag(
    '--allow-nested-userns',
    'the program may make user namespaces (not in Docker)',
    (d, on) => (d.options.allowNestedUserns = on)
  ),
  security.list(
    '--sysctl <name=value>',
    'a kernel parameter of one of its namespaces',
    (d, v) => (d.options.sysctls = Object.fromEntries(v.map(sysctl)))
  ),
]

function sysctl(text: string): [name: string, value: string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new TypeError(`Cannot read --sysctl: ${JSON.stringify(text)} is no name=value pair`)
  return [text.slice(0, equals).trim(), text.slice(equals + 1)]
}
