import { readFileSync } from 'node:fs'

/** What is needed of a line of /etc/passwd. */
export interface User {
  name: string
  uid: number
  gid: number
}

/** Find a user by name or uid in a passwd file; undefined where it has none. */
export function lookupUser(user: string | number, file = '/etc/passwd'): User | undefined {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name === undefined || name === '' || uid === undefined) continue
    if (name === user || uid === String(user)) return { name, uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}
