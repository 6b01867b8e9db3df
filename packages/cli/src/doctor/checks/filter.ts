import { checksOf, type Check } from '../check.js'
import type { Machine } from '../machine.js'

const { ok, bad } = checksOf('filter')

/** System call filters. */
export function checkFilter(machine: Machine): Check[] {
  const actions = machine.read('/proc/sys/kernel/seccomp/actions_avail')
  if (actions === undefined)
    return [
      bad(
        'missing',
        'seccomp',
        'absent',
        'system calls cannot be filtered; only --security-opt seccomp=unconfined works',
        'boot a kernel with CONFIG_SECCOMP_FILTER=y'
      ),
    ]
  const jit = machine.read('/proc/sys/net/core/bpf_jit_enable')
  return [
    ok('seccomp', actions),
    ...(jit === '0'
      ? [
          bad(
            'note',
            'bpf-jit',
            'net.core.bpf_jit_enable=0',
            'filters are interpreted: each system call of a container is slower',
            'sysctl -w net.core.bpf_jit_enable=1'
          ),
        ]
      : []),
  ]
}
