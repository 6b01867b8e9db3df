import { type Arch, archNamed } from '../arch.js'
import type { Filter, Profile, Rule } from '../profile.js'
import { kernelAtLeast } from './kernel-version.js'

/** What a profile is resolved against. */
export interface Context {
  arch: Arch
  caps: ReadonlySet<string>
  kernel: string
}

/** The rules of a profile that apply in a context, in file order. */
export function selectRules(profile: Profile, context: Context): Rule[] {
  return (profile.syscalls ?? []).filter(
    (rule) => !excluded(rule.excludes, context) && included(rule.includes, context)
  )
}

// Docker compares `arches` with the architecture of the machine, not with the one a call is made through.
function excluded(filter: Filter | undefined, { arch, caps, kernel }: Context): boolean {
  if (!filter) return false
  if (filter.arches?.some((name) => archNamed(name) === arch)) return true
  if (filter.caps?.some((name) => caps.has(name))) return true
  return filter.minKernel !== undefined && kernelAtLeast(filter.minKernel, kernel)
}

function included(filter: Filter | undefined, { arch, caps, kernel }: Context): boolean {
  if (!filter) return true
  if (filter.arches?.length && !filter.arches.some((name) => archNamed(name) === arch)) return false
  if (filter.caps?.some((name) => !caps.has(name))) return false
  return filter.minKernel === undefined || kernelAtLeast(filter.minKernel, kernel)
}

/** The architectures a profile speaks about on this machine, the native one first. */
export function selectArches(profile: Profile, native: Arch): Arch[] {
  const own = profile.archMap?.find(({ architecture }) => archNamed(architecture) === native)
  const names = [...(profile.architectures ?? []), ...(own?.subArchitectures ?? [])]
  const others = names.map(archNamed).filter((arch): arch is Arch => arch !== undefined && arch !== 'foreign')
  return [...new Set<Arch>([native, ...others])]
}
