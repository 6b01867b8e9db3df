// delete: what create has made is undone.

import { existsSync, rmSync } from 'node:fs'
import { IsoError } from '@iso/native'
import { directoryOf, readRecord, type ContainerRecord } from '../state/record.js'
import { statusOf } from '../state/status.js'
import { processStat } from '../state/process-identity.js'
import { removeCgroups } from './cgroups.js'
import { signalProcess } from './kill.js'
import { hookState } from './start.js'
import { thawDirectories } from './thaw.js'

const SIGKILL = 9
const PATIENCE_MS = 10_000

/** @param force also a container that runs, and no failure where there is none. @throws IsoError `ISO_CONTAINER_STATE`. */
export async function deleteContainer(
  root: string,
  id: string,
  { force, warn }: { force: boolean; warn?: (message: string) => void }
): Promise<void> {
  const directory = directoryOf(root, id)
  let record: ContainerRecord
  try {
    record = readRecord(root, id)
  } catch (error) {
    if (!force) throw error
    // A crash before the first write leaves an empty directory.
    if (existsSync(directory)) rmSync(directory, { recursive: true, force: true })
    return
  }
  const status = statusOf(root, record)
  if (status === 'running' || status === 'paused') {
    if (!force)
      throw new IsoError(
        'ISO_CONTAINER_STATE',
        `Cannot delete container ${JSON.stringify(id)} that is not stopped: ${status}`
      )
  }
  if (status === 'creating' && !force && record.process === undefined)
    throw new IsoError('ISO_CONTAINER_STATE', `Cannot delete container ${JSON.stringify(id)}: it is being created`)
  if (status !== 'stopped') await end(record)
  await removeCgroups(record.cgroups)
  rmSync(directory, { recursive: true, force: true })
  if (record.hooks.poststop?.length) await poststop(record, warn)
}

async function end(record: ContainerRecord): Promise<void> {
  thawDirectories(record.cgroups) // a frozen v1 task cannot die
  const { process: kept } = record
  if (kept === undefined) return
  signalProcess(kept, SIGKILL)
  for (const until = Date.now() + PATIENCE_MS; ;) {
    const stat = processStat(kept.pid)
    if (stat === undefined || !stat.alive || stat.startTime !== kept.startTime) return
    if (Date.now() > until)
      throw new IsoError('ISO_CONTAINER_STATE', `Cannot delete container ${JSON.stringify(record.id)}: it does not die`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

// The others run whatever one says (runtime-spec, "Lifecycle", 13).
async function poststop(record: ContainerRecord, warn?: (message: string) => void): Promise<void> {
  const { runHook } = await import('./run-hooks.js')
  for (const hook of record.hooks.poststop ?? []) {
    try {
      await runHook('poststop', hook, hookState(record, 'stopped'))
    } catch (error) {
      warn?.((error as Error).message)
    }
  }
}
