import { execFileSync } from 'node:child_process'

import { IsoError, type Step } from '@iso/native'
import { expect } from 'chai'

import { available } from './available.js'
import { ALL, DOCKER_DEFAULT } from './capabilities.js'
import { ambient, drop, keep } from './keep.js'
import { toMask } from './mask.js'
import { noNewPrivs } from './no-new-privs.js'
import { readSets } from './read-sets.js'
import { securebits } from './securebits.js'
import { sets } from './sets.js'

const missing = ALL.filter((name) => !available().includes(name))

describe('keep', () => {
  it('keep() limits the bounding set, empties the inheritable and the ambient one, and promises', () => {
    const mask = toMask(['chown', 'net_raw'])
    expect(keep(['chown', 'NET_RAW'])).to.deep.equal([
      { op: 'capBounding', origin: '@iso/caps', why: 'limit capabilities to chown, net_raw', keep: mask },
      {
        op: 'capSet',
        origin: '@iso/caps',
        why: 'hold chown, net_raw',
        effective: mask,
        permitted: mask,
        inheritable: 0n,
        ambient: 0n,
      },
      { op: 'noNewPrivs', origin: '@iso/caps', why: 'execve grants no privilege' },
    ])
  })

  it('keep() of nothing leaves nothing', () => {
    const [bounding, set] = keep([])
    expect(bounding).to.include({ keep: 0n, why: 'limit capabilities to none' })
    expect(set).to.include({ effective: 0n, permitted: 0n, inheritable: 0n, ambient: 0n })
  })

  it('keep() leaves the promise out when told, and keeps it out of nothing else', () => {
    expect(keep(DOCKER_DEFAULT, { noNewPrivs: false })).to.deep.equal(keep(DOCKER_DEFAULT).slice(0, 2))
  })

  it('keep() has nothing to inherit unless asked, whatever the list (CVE-2022-24769)', () => {
    for (const list of [DOCKER_DEFAULT, ALL, [] as const]) expect(capSet(keep(list)).inheritable).to.equal(0n)
  })

  it('keep() leaves out what this process does not have, and says so; strict refuses', function () {
    if (missing.length === 0)
      execFileSync('setpriv', ['--bounding-set=-sys_resource', process.execPath, '-e', MISSING_CHECK], {
        stdio: 'inherit',
      })
    else {
      const [name] = missing as [(typeof missing)[0]]
      const step = capSet(keep(['CAP_CHOWN', name]))
      expect(step.permitted).to.equal(1n)
      expect(step.why).to.equal(`hold chown; not available here: ${name.slice(4).toLowerCase()}`)
      expect(() => keep([name], { strict: true }))
        .to.throw(IsoError, name)
        .with.property('code', 'ISO_CAPS_UNAVAILABLE')
    }
    expect(keep(available(), { strict: true })).to.have.length(3)
  })

  it('keep() leaves nothing out in a new user namespace', () => {
    expect(capSet(keep(ALL, { newUserns: true, strict: true })).permitted).to.equal(toMask(ALL))
  })

  it('keep() leaves a uid other than 0 the bounding set, and with `ambient` everything', () => {
    expect(keep(['kill'], { uid: 1000 })[0]).to.include({ keep: 0x20n })
    expect(capSet(keep(['kill'], { uid: 1000 }))).to.include({
      permitted: 0n,
      effective: 0n,
      inheritable: 0n,
      ambient: 0n,
    })
    expect(keep(['kill'], { uid: 1000, ambient: true })).to.deep.equal(ambient(['kill']))
    expect(keep(['kill'], { uid: 0 })).to.deep.equal(keep(['kill']))
  })

  it('keep() refuses an unknown name', () => {
    expect(() => keep(['net_rwa' as 'net_raw'])).to.throw(TypeError, 'did you mean CAP_NET_RAW?')
  })
})

describe('drop', () => {
  it('drop() keeps the others', () => {
    const others = available().filter((name) => name !== 'CAP_SYS_ADMIN' && name !== 'CAP_NET_RAW')
    expect(drop(['sys_admin', 'net_raw'])).to.deep.equal(keep(others))
    expect(drop([], { noNewPrivs: false })).to.deep.equal(keep(available(), { noNewPrivs: false }))
  })
})

describe('ambient', () => {
  it('ambient() fills the inheritable and the ambient set too: the kernel asks for both', () => {
    const mask = toMask(['net_bind_service'])
    expect(capSet(ambient(['net_bind_service']))).to.include({
      effective: mask,
      permitted: mask,
      inheritable: mask,
      ambient: mask,
    })
    expect(ambient(['net_bind_service'])).to.deep.equal(keep(['net_bind_service'], { ambient: true }))
  })
})

describe('sets', () => {
  it('sets() takes the five sets of an OCI configuration', () => {
    const input = {
      bounding: ['CAP_CHOWN', 'CAP_KILL'],
      permitted: ['CAP_CHOWN', 'CAP_KILL'],
      effective: ['CAP_KILL'],
    } as const
    const [bounding, set] = sets(input, { strict: true })
    expect(bounding).to.include({ keep: 0x21n })
    expect(set).to.include({ permitted: 0x21n, effective: 0x20n, inheritable: 0n, ambient: 0n })
  })

  it('sets() leaves out what the kernel would refuse, and with strict refuses itself', () => {
    const input = {
      permitted: ['CAP_CHOWN'],
      effective: ['CAP_KILL'],
      inheritable: ['CAP_SETUID'],
      ambient: ['CAP_CHOWN'],
    } as const
    expect(capSet(sets(input))).to.include({
      permitted: 1n,
      effective: 0n,
      inheritable: 0n,
      ambient: 0n,
      why: 'hold chown; not available here: chown, kill, setuid',
    })
    expect(() => sets(input, { strict: true })).to.throw(IsoError, 'CAP_CHOWN, CAP_KILL, CAP_SETUID')
  })

  it('sets() puts securebits before the capabilities they take', () => {
    expect(sets({}, { securebits: ['noroot'] }).map((step) => step.op)).to.deep.equal([
      'capBounding',
      'securebits',
      'capSet',
      'noNewPrivs',
    ])
  })
})

describe('securebits', () => {
  it('securebits() passes the bits on and says what they do', () => {
    expect(securebits('noroot', 'norootLocked')).to.deep.equal([
      {
        op: 'securebits',
        origin: '@iso/caps',
        why: 'uid 0 gains nothing at execve; noroot is final',
        bits: ['noroot', 'norootLocked'],
      },
    ])
    expect(securebits()[0]).to.deep.include({ bits: [], why: 'clear the securebits' })
  })

  it('securebits() refuses an unknown bit', () => {
    expect(() => securebits('noRoot' as 'noroot')).to.throw(TypeError, '"noRoot": wanted one of')
  })
})

describe('noNewPrivs', () => {
  it('noNewPrivs() is one step', () => {
    expect(noNewPrivs().map((step) => step.op)).to.deep.equal(['noNewPrivs'])
  })
})

describe('readSets', () => {
  it('readSets() reads this process and others', () => {
    const own = readSets()
    expect(own.bounding).to.deep.equal(available())
    expect(own).to.include({ noNewPrivs: false })
    expect(readSets(process.pid)).to.deep.equal(own)
  })

  it('readSets() reports a process that is not there, and what is no pid', () => {
    expect(() => readSets(0x3fffffff))
      .to.throw(IsoError, '/proc/1073741823/status')
      .with.property('errnoName', 'ENOENT')
    for (const pid of [0, -1, 1.5, Number.NaN]) expect(() => readSets(pid)).to.throw(RangeError, `${pid}`)
  })
})

// For machines where nothing is missing: the same in a process that lost one.
const MISSING_CHECK = `import('${new URL('./keep.js', import.meta.url).href}').then(({ keep }) => {
  if (!keep(['sys_resource'])[1].why.endsWith('not available here: sys_resource')) process.exit(1)
})`

function capSet(steps: readonly Step[]): Extract<Step, { op: 'capSet' }> {
  return steps.find((step) => step.op === 'capSet') as Extract<Step, { op: 'capSet' }>
}
