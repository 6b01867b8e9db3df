// Names of images, with the grammar and the short forms of Docker: `busybox` is `docker.io/library/busybox:latest`.

import { IsoError } from '@iso/native'

import { isDigest, type Digest } from './digest.js'

/** A name of an image, taken apart and made whole. */
export interface Reference {
  /** Host and port of the registry, such as `docker.io` or `localhost:5000`. */
  domain: string
  /** Name in the registry, such as `library/busybox`. */
  path: string
  tag?: string
  digest?: Digest
}

const DEFAULT_DOMAIN = 'docker.io'
const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`)
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`)
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/
const PATH_CHARACTERS_MAX = 255

/**
 * Parse a name of an image as Docker does: a first part without dot, colon or capital is no host, what has no host is of docker.io, and one-part
 * names there are of `library/`. No tag is added: see {@link withTag}.
 *
 * @throws IsoError `ISO_REFERENCE`: not of the grammar; the message says which part
 *
 * @example
 * ```ts
 * import { parseReference } from '@iso/image'
 * console.log(parseReference('busybox')) // { domain: 'docker.io', path: 'library/busybox' }
 * console.log(parseReference('localhost:5000/team/app:1.2').tag) // 1.2
 * ```
 * @see https://pkg.go.dev/github.com/distribution/reference
 */
export function parseReference(text: string): Reference {
  const refuse = (why: string, hint?: string): never => {
    const shown = JSON.stringify(String(text).slice(0, 300))
    throw new IsoError('ISO_REFERENCE', `Cannot use ${shown} as the name of an image: ${why}`, hint ? { hint } : {})
  }
  if (typeof text !== 'string' || text === '') return refuse('it is empty')
  if (/^[a-f0-9]{64}$/.test(text)) return refuse('64 hexadecimal digits are an id')
  const at = text.indexOf('@')
  const digest = at === -1 ? undefined : text.slice(at + 1)
  if (digest !== undefined && !isDigest(digest)) return refuse(`the digest ${JSON.stringify(digest)} is malformed`)
  const named = at === -1 ? text : text.slice(0, at)
  const colon = named.lastIndexOf(':')
  const tagged = colon > named.lastIndexOf('/')
  const tag = tagged ? named.slice(colon + 1) : undefined
  const { domain, path } = splitDomain(tagged ? named.slice(0, colon) : named)
  if (!DOMAIN.test(domain)) return refuse(`the registry ${JSON.stringify(domain)} is malformed`)
  if (path === '') return refuse('a repository is missing')
  if (path !== path.toLowerCase())
    return refuse('the repository must be in lower case', `did you mean ${path.toLowerCase()}?`)
  if (path.length > PATH_CHARACTERS_MAX) return refuse(`the repository has more than ${PATH_CHARACTERS_MAX} characters`)
  if (!PATH.test(path)) return refuse(`the repository ${JSON.stringify(path)} is malformed`)
  if (tag !== undefined && !TAG.test(tag)) return refuse(`the tag ${JSON.stringify(tag)} is malformed`)
  return { domain, path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
}

/** The whole name, such as `docker.io/library/busybox:latest`. */
export function formatReference({ domain, path, tag, digest }: Reference): string {
  return `${domain}/${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

/** The short name that people use, such as `busybox:latest`. */
export function familiarName(reference: Reference): string {
  const { domain, path } = reference
  if (domain !== DEFAULT_DOMAIN) return formatReference(reference)
  // A user named like a host would be taken for one.
  const short = path.startsWith('library/') && !path.slice(8).includes('/') ? path.slice(8) : path
  return formatReference({ ...reference, domain: '', path: short }).slice(1)
}

/** The same with the tag `latest`, where there is neither tag nor digest. */
export function withTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference
}

function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/')
  const first = name.slice(0, Math.max(slash, 0))
  const isHost = slash !== -1 && (/[.:[]/.test(first) || first === 'localhost' || first.toLowerCase() !== first)
  let domain = isHost ? first : DEFAULT_DOMAIN
  let path = isHost ? name.slice(slash + 1) : name
  if (domain === 'index.docker.io') domain = DEFAULT_DOMAIN
  if (domain === DEFAULT_DOMAIN && path !== '' && !path.includes('/')) path = `library/${path}`
  return { domain, path }
}
