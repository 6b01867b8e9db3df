import { readFileSync } from 'node:fs'

const CAP_SETGID = 6
const CAP_SETUID = 7

/** Whether this process may write any map of a child's user namespace: CAP_SETUID and CAP_SETGID, which uid 0 alone does not mean. */
export function mayMapFreely(status = readFileSync('/proc/self/status', 'utf8')): boolean {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`)
  const wanted = (1n << BigInt(CAP_SETUID)) | (1n << BigInt(CAP_SETGID))
  return (effective & wanted) === wanted
}

/** The effective ids of this process. */
export function callerIds(): { uid: number; gid: number } {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 }
}
