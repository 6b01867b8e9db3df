// The groups of a container as @iso/cgroups handles them.

import { Cgroup } from '@iso/cgroups'
import { IsoError } from '@iso/native'
import type { Status } from '../spec/state.js'
import { readRecord, type ContainerRecord } from '../state/record.js'
import { statusOf } from '../state/status.js'

/** A container that runs, and its groups. */
export interface LiveContainer {
  record: ContainerRecord
  status: Status
  cgroup: Cgroup
}

/** @throws IsoError `ISO_NOT_RUNNING`, or `ISO_NO_CGROUP` where it was made without. */
export function liveContainer(root: string, id: string, what: string): LiveContainer {
  const record = readRecord(root, id)
  const status = statusOf(root, record)
  const named = JSON.stringify(id)
  if (status === 'stopped' || status === 'creating')
    throw new IsoError('ISO_NOT_RUNNING', `Cannot ${what} container ${named}: container not running`)
  if (record.cgroupPlace === undefined || record.process === undefined)
    throw new IsoError('ISO_NO_CGROUP', `Cannot ${what} container ${named}: it has no cgroup`, {
      hint: 'an ordinary user may not make one here',
    })
  return { record, status, cgroup: Cgroup.of(record.process.pid) }
}
