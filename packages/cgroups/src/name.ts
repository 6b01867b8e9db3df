// Names of cgroups: they come from outside, and become directories.

/**
 * Check the name of a cgroup, or a path of names, relative to its parent.
 *
 * @param name One or more components with `/` between them, such as `web` or `shop/web`.
 * @returns Its components.
 * @throws RangeError for an empty name or component, `.`, `..`, a `/` at either end, a NUL or newline, a component over 255 bytes, and for
 * names the kernel uses itself (`cgroup.procs`, `memory.max`, `tasks`), which mkdir(2) answers with EEXIST or hides a file by.
 */
export function checkName(name: string): string[] {
  if (typeof name !== 'string') throw new TypeError(`Cannot name cgroup: ${String(name)} is not a string`)
  const refuse = (state: string): never => {
    throw new RangeError(`Cannot name cgroup: ${JSON.stringify(name)} ${state}`)
  }
  if (name === '') refuse('is empty')
  if (/[\0\n]/.test(name)) refuse('holds a NUL or a newline')
  if (name.startsWith('/') || name.endsWith('/')) refuse('has a "/" at an end; wanted a path relative to the parent')
  const components = name.split('/')
  for (const component of components) {
    if (component === '') refuse('holds an empty component')
    if (component === '.' || component === '..') refuse(`holds "${component}", which would leave the parent`)
    if (Buffer.byteLength(component) > 255) refuse('holds a component over 255 bytes')
    if (component === 'tasks' || KERNEL_FILE.test(component))
      refuse(`holds "${component}", which is a file of the kernel`)
  }
  return components
}

const KERNEL_FILE =
  /^(cgroup|cpu|cpuacct|cpuset|memory|io|blkio|pids|devices|freezer|hugetlb|net_cls|net_prio|perf_event|rdma|misc)\./
