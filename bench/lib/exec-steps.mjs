// The steps that put a second program into a container that was made from `steps`.

const LOCKDOWN = new Set(['capBounding', 'capSet', 'noNewPrivs', 'seccomp'])

/** @param {readonly object[]} steps of the container @param {number} pid of its first process */
export function execSteps(steps, pid) {
  const made = new Set(steps.flatMap((step) => (step.op === 'clone' && step.cgroup !== undefined ? [step.cgroup] : [])))
  const joins = steps.filter(({ op, side, path }) => op === 'writeFile' && side === 'child' && path === 'tasks')
  const groups = steps.filter(
    ({ op, slot }) => op === 'cgroupCreate' && (made.has(slot) || joins.some((join) => join.in === slot))
  )
  return [
    { op: 'pidfdOpen', pid, slot: 'target' },
    ...groups.map(({ path, slot }) => ({ op: 'open', path, flags: ['readOnly', 'directory'], slot })),
    ...joins.map((join) => ({ ...join, side: 'stage' })),
    { op: 'setns', slot: 'target', namespaces: ['uts', 'mnt', 'pid', 'ipc', 'net', 'cgroup'] },
    { op: 'clone', namespaces: [], ...(made.size > 0 && { cgroup: [...made][0] }) },
    ...steps.filter(({ op }) => LOCKDOWN.has(op)),
  ]
}
