/**
 * Mocha reporter: the `spec` report, then what was not run and why, then one line with the totals.
 *
 * @packageDocumentation
 */
import { writeFileSync } from 'node:fs'
import Mocha from 'mocha'

import { reasonOf, type Unmet } from './requires.js'

const PATIENCE_MS = 5000

/** Totals of a run. */
export interface Totals {
  passed: number
  failed: number
  skipped: number
}

/** Ends the report with `N passed, N failed`; a test that is pending without a stated reason fails under `ISO_MUST_WORK=1`. */
export default class Reporter extends Mocha.reporters.Spec {
  readonly #reasons = new Map<string, { unmet: Unmet; count: number }>()
  readonly #unexplained: string[] = []

  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options)
    runner.on('pending', (test) => this.#notePending(test))
    runner.on('suite end', (suite) => {
      if (suite.root) this.#judge(runner)
    })
  }

  override epilogue(): void {
    super.epilogue()
    for (const { unmet, count } of this.#reasons.values()) {
      const word = unmet.excused ? 'excused' : 'skipped'
      console.log(`  ${word}: ${tests(count)} needing ${unmet.name}: ${unmet.reason}; to run them, ${unmet.enable}`)
    }
    for (const title of this.#unexplained) console.log(`  skipped without a reason: ${title}`)
    const totals = this.#totals()
    const file = process.env['ISO_RESULTS']
    if (file === undefined) console.log(`\n${formatTotals(totals)}`)
    else writeFileSync(file, JSON.stringify(totals))
    endWithoutDelay()
  }

  #notePending(test: Mocha.Test): void {
    const unmet = reasonOf(test)
    if (unmet === undefined) {
      this.#unexplained.push(test.fullTitle())
      return
    }
    const known = this.#reasons.get(unmet.name)
    this.#reasons.set(unmet.name, { unmet, count: (known?.count ?? 0) + 1 })
  }

  // Raising the runner's failures is what makes mocha exit with an error.
  #judge(runner: Mocha.Runner): void {
    if (process.env['ISO_MUST_WORK'] === '1') runner.failures += this.#unexplained.length
  }

  #totals(): Totals {
    const unexplained = process.env['ISO_MUST_WORK'] === '1' ? this.#unexplained.length : 0
    const { passes, failures, pending } = this.stats
    return { passed: passes, failed: failures + unexplained, skipped: pending - unexplained }
  }
}

/** The last line of every report. */
export function formatTotals({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

// Something a test did not close keeps Node alive: that is a leak, too, and must not hang the run. The timer itself does not
// hold the process.
function endWithoutDelay(): void {
  setTimeout(() => {
    console.log(
      `  still open ${PATIENCE_MS / 1000} s after the last test: ${process.getActiveResourcesInfo().join(', ')}`
    )
    process.exit(1)
  }, PATIENCE_MS).unref()
}

function tests(count: number): string {
  return count === 1 ? '1 test' : `${count} tests`
}
