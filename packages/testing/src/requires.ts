import { nameOf, type Need } from './need.js'
import { probe } from './probe.js'

/** A need that was not met, and why the tests beneath it did not run. */
export interface Unmet {
  name: string
  reason: string
  enable: string
  /** Named in `ISO_EXCUSED`. */
  excused: boolean
}

// Every suite or test that was given up for a stated reason; the reporter counts the others as unexplained.
const unmet = new Map<Mocha.Suite | Mocha.Runnable, Unmet>()

/**
 * State what a suite or a test needs. Call it in `before(function () { … })`, or first in a test.
 *
 * Where something is missing the tests are skipped, with the reason and the way to enable them printed. With
 * `ISO_MUST_WORK=1`, as in CI, they fail instead; only the names listed in `ISO_EXCUSED` (comma separated) may be missing
 * there, and the end of the report lists them. `cgroup1` excuses the controllers of v1 with it, `kernel` every kernel.
 *
 * @param context `this` of the mocha function
 * @param needs what must be there
 * @throws Error under `ISO_MUST_WORK=1`, naming the need, the reason and the remedy
 */
export function requires(context: Mocha.Context, ...needs: Need[]): void {
  for (const need of needs) {
    const answer = probe(need)
    if (answer.met) continue
    const name = nameOf(need)
    const excused = excuses(process.env['ISO_EXCUSED'] ?? '', name)
    if (process.env['ISO_MUST_WORK'] === '1' && !excused) {
      throw new Error(`Cannot run: needs ${name}, but ${answer.reason}; ${answer.enable}`)
    }
    unmet.set(ownerOf(context), { name, reason: answer.reason, enable: answer.enable, excused })
    console.log(`    needs ${name}, but ${answer.reason}; to run these tests, ${answer.enable}`)
    context.skip()
  }
}

function excuses(list: string, name: string): boolean {
  const names = list.split(',')
  const group = /^controller:\w+:v1$/.test(name) ? 'cgroup1' : /^kernel:/.test(name) ? 'kernel' : name
  return names.includes(name) || names.includes(group)
}

/** Why a pending test did not run; undefined where nobody said. */
export function reasonOf(test: Mocha.Test): Unmet | undefined {
  for (let at: Mocha.Suite | Mocha.Runnable | undefined = test; at !== undefined; at = at.parent) {
    const reason = unmet.get(at)
    if (reason !== undefined) return reason
  }
  return undefined
}

// A hook speaks for its whole suite, a test for itself.
function ownerOf(context: Mocha.Context): Mocha.Suite | Mocha.Runnable {
  const runnable = context.test as Mocha.Hook | Mocha.Test | undefined
  if (runnable === undefined)
    throw new TypeError('Cannot state needs: call requires(this, …) inside a mocha hook or test')
  if (runnable.type === 'hook' && runnable.title.includes('each')) return context.currentTest ?? runnable
  return runnable.type === 'hook' ? (runnable.parent ?? runnable) : runnable
}
