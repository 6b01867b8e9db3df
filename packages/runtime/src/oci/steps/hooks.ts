// Hooks that run while a container is made or started: steps of the plan, at the points of the life cycle that runtime-spec names.

import type { Step } from '@iso/native'
import type { Hook } from '../spec/hooks.js'
import type { Config } from '../spec/config.js'
import type { State, Status } from '../spec/state.js'
import type { Context } from './context.js'

const MADE = 'mounts-made'
const HOOKED = 'hooks-run'

/**
 * prestart and createRuntime: in the caller's namespaces, once all is mounted and before the root is entered. createContainer: then, in
 * the container's, with the program of the host. startContainer: after `start`, in the container's root.
 */
export function hookSteps(context: Context): Step[] {
  const { hooks = {} } = context.config
  const outside = [...(hooks.prestart ?? []), ...(hooks.createRuntime ?? [])]
  const inside = hooks.createContainer ?? []
  const starting = hooks.startContainer ?? []
  return [
    ...(outside.length === 0
      ? []
      : [
          { op: 'signal', side: 'child', barrier: MADE } as const,
          { op: 'wait', side: 'parent', barrier: MADE } as const,
          ...outside.map((hook) => hookStep(context, hook, 'parent', 'creating')),
          { op: 'signal', side: 'parent', barrier: HOOKED } as const,
          { op: 'wait', side: 'child', barrier: HOOKED } as const,
        ]),
    ...inside.map((hook) => hookStep(context, hook, 'child', 'creating')),
    ...starting.map((hook) => ({ ...hookStep(context, hook, 'child', 'created'), phase: 'beside' })),
  ]
}

function hookStep(
  context: Context,
  { path, args, env, timeout }: Hook,
  side: 'parent' | 'child',
  status: Status
): Step {
  const [before, after] = stateAround(context, status)
  const [name, ...rest] = args ?? []
  return {
    op: 'runProgram',
    side,
    argv: [path, ...rest],
    ...(name !== undefined && { argv0: name }),
    ...(env !== undefined && { env: [...env] }),
    input: before,
    afterPid: after,
    ...(timeout !== undefined && { timeoutMs: timeout * 1000 }),
    why: 'hook',
  }
}

/** The state as hooks read it. */
export function stateOf(
  config: Pick<Config, 'ociVersion' | 'annotations'>,
  { id, bundle, status, pid }: Pick<State, 'id' | 'bundle' | 'status' | 'pid'>
): State {
  return {
    ociVersion: config.ociVersion,
    id,
    status,
    ...(pid !== undefined && { pid }),
    bundle,
    ...(config.annotations !== undefined && { annotations: config.annotations }),
  }
}

// The state as JSON in two parts: the process ID between them is known to the interpreter alone.
function stateAround({ id, bundle, config }: Context, status: Status): [before: string, after: string] {
  const text = JSON.stringify(stateOf(config, { id, bundle, status }))
  return [`${text.slice(0, -1)},"pid":`, '}\n']
}
