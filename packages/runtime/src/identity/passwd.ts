// passwd(5) and group(5) of a root filesystem. The text is hostile: lines that do not parse are skipped, numbers are strict.

const HIGHEST_ID = 2 ** 31 - 1

/** One line of passwd(5). */
export interface PasswdEntry {
  name: string
  uid: number
  gid: number
  home: string
}

/** One line of group(5). */
export interface GroupEntry {
  name: string
  gid: number
  members: readonly string[]
}

/** A user or group ID: decimal, without sign or space, 0 to 2^31-1; undefined for anything else. */
export function parseId(text: string): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined
  const id = Number(text)
  return id <= HIGHEST_ID ? id : undefined
}

/** The first line that a test accepts. */
export function findPasswd(text: string, accept: (entry: PasswdEntry) => boolean): PasswdEntry | undefined {
  for (const line of lines(text)) {
    const [name, , uid, gid, , home = ''] = line.split(':')
    const ids = [parseId(uid ?? ''), parseId(gid ?? '')]
    if (!name || ids[0] === undefined || ids[1] === undefined) continue
    const entry = { name, uid: ids[0], gid: ids[1], home }
    if (accept(entry)) return entry
  }
  return undefined
}

/** Every line of group(5). The last file is remembered: containers of one root come in rows. */
export function groups(text: string): readonly GroupEntry[] {
  if (last?.text !== text) last = { text, entries: [...readGroups(text)] }
  return last.entries
}

let last: { text: string; entries: readonly GroupEntry[] } | undefined

function* readGroups(text: string): Generator<GroupEntry> {
  for (const line of lines(text)) {
    const [name, , gid, members = ''] = line.split(':')
    const id = parseId(gid ?? '')
    if (name && id !== undefined) yield { name, gid: id, members: members === '' ? [] : members.split(',') }
  }
}

function* lines(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from)
    yield text.slice(from, end < 0 ? text.length : end)
    from = end < 0 ? text.length : end + 1
  }
}
