// Platforms: which manifest of an index is for this machine.

import { IsoError } from '@iso/native'

import type { Descriptor, ImageIndex, Platform } from './documents.js'

const ARCHITECTURES: Readonly<Record<string, [string, string?]>> = {
  x64: ['amd64'],
  ia32: ['386'],
  arm64: ['arm64', 'v8'],
  arm: ['arm', 'v7'],
  ppc64: ['ppc64le'],
  mipsel: ['mipsle'],
  loong64: ['loong64'],
}

// What people and other systems call the same thing.
const ALIASES: Readonly<Record<string, [string, string?]>> = {
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  i386: ['386'],
  i686: ['386'],
  aarch64: ['arm64', 'v8'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
}

/** The platform of this machine. */
export function hostPlatform(): Platform {
  const [architecture, variant] = ARCHITECTURES[process.arch] ?? [process.arch]
  return { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) }
}

/**
 * Parse `os/arch[/variant]`, `arch` or `os`, as `--platform` takes it.
 *
 * @throws IsoError `ISO_IMAGE_PLATFORM`: not of that form
 */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split('/')
  if (parts.length > 3 || !parts.every((part) => /^[a-z0-9_.-]+$/.test(part)))
    throw new IsoError(
      'ISO_IMAGE_PLATFORM',
      `Cannot use platform ${JSON.stringify(text)}: wanted os/architecture[/variant]`
    )
  if (parts.length === 1 && ['linux', 'windows', 'freebsd', 'darwin'].includes(parts[0] as string))
    return { ...hostPlatform(), os: parts[0] as string }
  const [os, name, given] = parts.length === 1 ? ['linux', parts[0]] : parts
  const [architecture, usual] = ALIASES[name as string] ?? [name as string]
  const variant = given ?? usual
  return normalised({ os: os, architecture, ...(variant === undefined ? {} : { variant }) })
}

/** A platform as text. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/')
}

/**
 * The manifest of an index for a platform: the exact variant, else the best older one, else one without a variant.
 *
 * @throws IsoError `ISO_IMAGE_PLATFORM`: there is none; the message lists those there are
 */
export function selectPlatform(index: ImageIndex, wanted: Platform = hostPlatform()): Descriptor {
  const want = normalised(wanted)
  const ranked = index.manifests
    .map((one, position) => ({ one, position, rank: rank(one.platform, want) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => b.rank - a.rank || a.position - b.position)
  const best = ranked[0]?.one
  if (best !== undefined) return best
  // An index of one manifest without a platform is that of a layout with one image.
  const plain = index.manifests.filter(({ platform }) => platform === undefined)
  if (plain.length === 1 && index.manifests.length === 1) return plain[0] as Descriptor
  const there = index.manifests.flatMap(({ platform }) => (platform === undefined ? [] : [formatPlatform(platform)]))
  throw new IsoError('ISO_IMAGE_PLATFORM', `Cannot find an image for ${formatPlatform(want)}`, {
    hint: there.length === 0 ? 'the index names no platforms' : `there is one for ${[...new Set(there)].join(', ')}`,
  })
}

function rank(platform: Platform | undefined, want: Platform): number {
  if (platform === undefined) return -1
  const have = normalised(platform)
  if (have.os !== want.os || have.architecture !== want.architecture) return -1
  if (have.variant === want.variant) return 100
  if (want.variant === undefined) return have.variant === undefined ? 100 : 1
  if (have.variant === undefined) return 1
  const [a, b] = [have.variant, want.variant].map((text) => Number(/^v([0-9]+)$/.exec(text)?.[1] ?? NaN)) as [
    number,
    number,
  ]
  // A processor runs what was made for older ones of its kind.
  return a < b ? 50 + a : -1
}

// The variants that need not be said.
function normalised(platform: Platform): Platform {
  const { variant, ...rest } = platform
  if (rest.architecture === 'arm64' && (variant === undefined || variant === '8')) return { ...rest, variant: 'v8' }
  if (rest.architecture === 'arm')
    return { ...rest, variant: variant === undefined ? 'v7' : variant.startsWith('v') ? variant : `v${variant}` }
  if (rest.architecture === 'amd64' && variant === 'v1') return rest
  return variant === undefined || variant === '' ? rest : platform
}
