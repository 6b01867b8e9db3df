// start: the parked process executes the program.

import { rmSync } from 'node:fs'
import { closeFd, IsoError, start as startParked, startWithListeners } from '@iso/native'
import type { Config } from '../spec/config.js'
import type { State } from '../spec/state.js'
import { directoryOf, files, readRecord, type ContainerRecord } from '../state/record.js'
import { statusOf } from '../state/status.js'
import { handOver } from './hand-over.js'

/** @throws IsoError `ISO_CONTAINER_STATE` unless it is created; what the program's start said. */
export async function startContainer(root: string, id: string): Promise<void> {
  const record = readRecord(root, id)
  const status = statusOf(root, record)
  if (status !== 'created')
    throw new IsoError(
      'ISO_CONTAINER_STATE',
      `Cannot start container ${JSON.stringify(id)}: cannot start a container that has ${status === 'stopped' ? 'stopped' : 'been started'}; it is ${status}`
    )
  const { socket } = files(directoryOf(root, id))
  if (record.seccompListener === undefined) await startParked(socket)
  else await passListeners(record, await startWithListeners(socket))
  rmSync(socket, { force: true })
  if (record.hooks.poststart?.length) await poststart(record)
}

async function passListeners(record: ContainerRecord, listeners: readonly number[]): Promise<void> {
  const { path, metadata } = record.seccompListener ?? { path: '', metadata: '' }
  // ContainerProcessState of runtime-spec, "config-linux.md".
  const message = {
    ociVersion: record.ociVersion,
    fds: ['seccompFd'],
    pid: record.process?.pid,
    metadata,
    state: hookState(record, 'creating'),
  }
  for (const listener of listeners) {
    try {
      await handOver(path, JSON.stringify(message), listener)
    } finally {
      closeFd(listener)
    }
  }
}

// A failing hook ends the container (runtime-spec, "Lifecycle", 9).
async function poststart(record: ContainerRecord): Promise<void> {
  const { runHooks } = await import('./run-hooks.js')
  try {
    await runHooks('poststart', record.hooks.poststart, hookState(record, 'running'))
  } catch (error) {
    try {
      if (record.process !== undefined) process.kill(record.process.pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
    throw error
  }
}

/** The state of a kept container, as hooks read it. */
export function hookState(record: ContainerRecord, status: State['status']): State {
  const { ociVersion, annotations, id, bundle, process: kept } = record
  const config: Pick<Config, 'ociVersion' | 'annotations'> = {
    ociVersion,
    ...(annotations !== undefined && { annotations }),
  }
  return {
    ociVersion: config.ociVersion,
    id,
    status,
    ...(kept !== undefined && status !== 'stopped' && { pid: kept.pid }),
    bundle,
    ...(annotations !== undefined && { annotations }),
  }
}
