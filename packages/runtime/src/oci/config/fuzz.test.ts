import { expect } from 'chai'
import fc from 'fast-check'
import { IsoError } from '@iso/native'
import { exampleConfig } from '../../iso-runtime/example-config.js'
import { planBundle } from '../steps/plan.js'
import { parseExact } from './big-numbers.js'
import { checkMeaning } from './check-meaning.js'
import { asConfig } from './check-schema.js'
import { ConfigError } from './config-error.js'

type Tree = { [key: string]: Tree } | Tree[] | string | number | boolean | null

/** Every place of a configuration. */
function places(value: Tree, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]]
  return [[...path], ...Object.entries(value).flatMap(([key, one]) => places(one, [...path, key]))]
}

const example = {
  ...exampleConfig(),
  root: { path: '/' },
  hooks: { poststop: [{ path: '/bin/true' }] },
  annotations: { a: 'b' },
}
const ALL = places(example as unknown as Tree).filter((path) => path.length > 0)

function replaced(path: readonly string[], value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(example)) as Record<string, unknown>
  let at = copy
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>
  at[path.at(-1) ?? ''] = value
  return copy
}

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    '',
    '\0',
    '../..',
    '/',
    -1,
    2 ** 31,
    2 ** 63,

    [],
    {},
    null,
    'SCMP_ACT_ALLOW',
    '__proto__',
    'constructor'
  ),
  fc.string({ unit: 'binary' })
)
const changes = fc.tuple(fc.constantFrom(...ALL), odd)

describe('config.json under fire', function () {
  this.timeout(240_000)

  it('asConfig() and checkMeaning() accept or refuse 100000 odd configurations, and never fail otherwise', () => {
    let refused = 0
    const property = fc.property(changes, ([path, value]) => {
      const text = JSON.stringify(replaced(path, value))
      try {
        checkMeaning(asConfig(parseExact(text)))
      } catch (error) {
        refused++
        if (!(error instanceof ConfigError)) throw error
        expect(error.message).to.match(/^\$/)
      }
    })
    fc.assert(property, { numRuns: 100_000 })
    expect(refused).to.be.greaterThan(10_000).and.lessThan(100_000)
  })

  it('planBundle() plans or refuses what was accepted, and never fails otherwise', () => {
    const property = fc.property(changes, ([path, value]) => {
      try {
        const config = asConfig(parseExact(JSON.stringify(replaced(path, value))))
        checkMeaning(config)
        planBundle({ path: '/', config }, { id: 'fuzz' })
      } catch (error) {
        const known = [ConfigError, IsoError, TypeError, RangeError].some((one) => error instanceof one)
        if (!known || /undefined|is not a function|Cannot read prop/.test((error as Error).message)) throw error
      }
    })
    fc.assert(property, { numRuns: 20_000 })
  })
})
