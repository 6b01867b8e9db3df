/**
 * System call filters: Docker and OCI seccomp profiles, compiled to BPF without libseccomp.
 *
 * ```ts
 * import { compile, explainFilter, seccomp } from '@iso/seccomp'
 *
 * const steps = seccomp('default') // for launch() of @iso/native, after noNewPrivs() of @iso/caps
 * console.log(steps[0]?.op, explainFilter(compile('default')).split('\n').length)
 * ```
 *
 * @packageDocumentation
 */
export { type Arch, type ArchInfo, ARCHES, archNamed, nativeArch } from './arch.js'
export { type CompileOptions } from './compile-options.js'
export { compile } from './compile.js'
export { allowSocketcall, defaultProfile } from './default-profile.js'
export { describeAction, explainFilter } from './explain-filter.js'
export { parseProfile } from './parse-profile.js'
export type { Action, Comparison, Condition, Filter, FilterFlag, Profile, Rule } from './profile.js'
export { seccomp, type SeccompOptions } from './seccomp.js'
export { type Call, simulate, type Simulation } from './simulate.js'
export { unknownNames } from './unknown-names.js'
export { validateProfile, type ValidateOptions } from './validate.js'
export { verdict } from './verdict.js'
