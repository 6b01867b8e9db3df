import { launch } from '@iso/native'

/**
 * Attach an eBPF device program to a v2 group that is there already.
 *
 * bpf(2) is the interpreter's business, not the addon's: a plan around `true` is what carries the step. The program stays with the group.
 *
 * @param replace detach those that were there before.
 */
export async function attachDevices(
  directory: string,
  program: Uint8Array,
  { replace = false }: { replace?: boolean } = {}
): Promise<void> {
  const child = await launch(
    ['true'],
    [
      {
        op: 'open',
        path: directory,
        flags: ['readOnly', 'directory'],
        fs: 'cgroup2',
        slot: 'cgroup:unified',
        origin: '@iso/cgroups',
      },
      { op: 'deviceProgram', slot: 'cgroup:unified', program, replace, origin: '@iso/cgroups', why: 'device rules' },
    ],
    { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' }
  )
  try {
    await child.exit
  } finally {
    await child.close()
  }
}
