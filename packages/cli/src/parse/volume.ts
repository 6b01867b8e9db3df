// -v source:target[:options]

import { existsSync, mkdirSync, rmdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Options of Docker that change nothing here: hints for another system, and for named volumes. */
const WITHOUT_MEANING = ['cached', 'delegated', 'consistent', 'nocopy']
const RELABEL = ['z', 'Z']

/**
 * Complete a `-v` value: a source that is written relative (`./x`, `../x`, `.`) is made absolute, and options without a meaning here
 * are taken out: those for other systems, and `z` and `Z` where there is no SELinux.
 *
 * @param selinux whether this machine labels files.
 * @throws TypeError for named and anonymous volumes, which nothing here keeps, and for `z` and `Z` under SELinux.
 */
export function parseVolume(text: string, selinux = existsSync('/sys/fs/selinux/enforce')): string {
  const [source = '', target, ...rest] = text.split(':')
  const fail = (what: string) =>
    new TypeError(`Cannot read --volume: ${JSON.stringify(text)} ${what}; wanted /host/path:/container/path[:ro]`)
  if (target === undefined) throw fail('asks for an anonymous volume')
  if (source === '') throw fail('has no source')
  const options = rest.length === 0 ? [] : rest.join(':').split(',')
  if (selinux && options.some((option) => RELABEL.includes(option)))
    throw new TypeError(
      `Cannot read --volume: ${JSON.stringify(text)} asks for new SELinux labels; set them with chcon -R -t container_file_t`
    )
  const kept = options.filter((option) => !RELABEL.includes(option) && !WITHOUT_MEANING.includes(option))
  return [absolute(source, fail), target, ...(kept.length === 0 ? [] : [kept.join(',')])].join(':')
}

function absolute(source: string, fail: (what: string) => Error): string {
  if (source.startsWith('/')) return source
  if (source !== '.' && source !== '..' && !source.startsWith('./') && !source.startsWith('../'))
    throw fail(`asks for a volume named '${source}'`)
  return resolve(source)
}

/** The sources that `-v` names and that are not there. */
export function missingSources(volumes: readonly string[]): string[] {
  return volumes.map((volume) => volume.slice(0, volume.indexOf(':'))).filter((source) => !existsSync(source))
}

/**
 * Make the directories that `-v` names and that are not there, as Docker does; `--mount` refuses them instead.
 * @returns what takes them away again, as far as nothing is in them.
 */
export function makeSources(sources: readonly string[]): () => void {
  const made: string[] = []
  const undo = () => made.reverse().forEach(removeEmpty)
  try {
    for (const source of sources) made.push(...makeDirectory(source))
  } catch (error) {
    undo()
    throw error
  }
  return undo
}

/** @returns every directory that was made, the topmost first. */
function makeDirectory(source: string): string[] {
  const path = resolve(source)
  const first = mkdirSync(path, { recursive: true })
  if (first === undefined || !path.startsWith(first)) return []
  const made = [path]
  for (let above = path; above.length > first.length;) made.unshift((above = dirname(above)))
  return made
}

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory)
  } catch {
    // Somebody has put something into it.
  }
}
