import type { Step } from '@iso/native'

/**
 * Steps after which execve grants the program no privilege: set-user-ID bits and file capabilities have no effect, with prctl(2).
 *
 * It takes nothing away. The step `setuid` keeps the permitted set for the steps that follow, and at execve the kernel counts a file
 * capability that is in it as no gain: beside `setuid` and this alone, a program file with `cap_net_raw+ep` gets it, as uid 65534, too. For a program
 * that is to have none the sets must be empty before execve: `keep(list, { uid })`, which includes this step.
 *
 * Cannot be undone and is inherited. Takes no privilege, and lets a process without any load a seccomp filter.
 *
 * @example
 * ```ts
 * import { noNewPrivs } from '@iso/caps'
 * console.log(noNewPrivs()[0]?.op) // noNewPrivs
 * ```
 * @see https://man7.org/linux/man-pages/man2/PR_SET_NO_NEW_PRIVS.2const.html
 */
export function noNewPrivs(): Step[] {
  return [{ op: 'noNewPrivs', origin: '@iso/caps', why: 'execve grants no privilege' }]
}
