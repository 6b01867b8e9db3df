// exec --cgroup: groups that were made beneath the container's.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { IsoError, type Step } from '@iso/native'
import type { ContainerRecord } from '../state/record.js'

/** @param asked `[CONTROLLER[,CONTROLLER]:]PATH`, relative to the container's own. @throws IsoError `ISO_CGROUP_MISSING`. */
export function subgroupSteps({ cgroups }: ContainerRecord, asked: readonly string[]): Step[] {
  const wanted = asked.map(parse)
  return cgroups.flatMap(({ names, version, directory }, i): Step[] => {
    const choice =
      wanted.find(({ controllers }) => controllers.some((name) => names.includes(name))) ??
      wanted.find(({ controllers }) => controllers.length === 0)
    const path = join(directory, choice?.path ?? '')
    if (!existsSync(path))
      throw new IsoError('ISO_CGROUP_MISSING', `Cannot exec in cgroup ${JSON.stringify(path)}: it does not exist`, {
        path,
      })
    const slot = `cgroup:exec:${i}`
    const fs = version === 1 ? 'cgroup' : 'cgroup2'
    return [
      { op: 'open', path, flags: ['readOnly', 'directory'], fs, slot },
      version === 2
        ? { op: 'clone', namespaces: [], cgroup: slot }
        : { op: 'writeFile', side: 'stage', in: slot, path: 'tasks', data: '0', fs },
    ]
  })
}

function parse(text: string): { controllers: string[]; path: string } {
  const at = text.indexOf(':')
  const path = text.slice(at + 1)
  if (path.split('/').includes('..'))
    throw new TypeError(`Cannot exec in cgroup ${JSON.stringify(text)}: wanted a path beneath the container's own`)
  return { controllers: at < 0 ? [] : text.slice(0, at).split(','), path }
}
