/**
 * What the tests share: needs that are never skipped quietly, and the leak check.
 *
 * @packageDocumentation
 */
export type { Answer, Need } from './need.js'
export { probe } from './probe.js'
export { reasonOf, requires, type Unmet } from './requires.js'
export { compare, type Leak } from './leaks/compare.js'
export { describeLeaks, LeakCheck, leakOptions, type LeakCheckOptions, type LeakReport } from './leaks/leak-check.js'
export { snapshot, type Snapshot } from './leaks/snapshot.js'
export { slowness } from './scale-timeouts.js'
