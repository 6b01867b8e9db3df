import { expect } from 'chai'
import { explain, explainSteps } from './explain.js'

describe('explain()', () => {
  it('explain() prints the side, system call, operands, origin and reason of each step', () => {
    const text = explain([
      { op: 'clone', namespaces: ['uts'] },
      { op: 'hostname', name: 'box', origin: '@iso/ns', why: 'asked for' },
    ])
    expect(text).to.match(/^ {2}0 {2}parent {2}clone3 +clone namespaces=\[uts\]/)
    expect(text).to.match(/child {3}sethostname +hostname name="box" {3}# @iso\/ns: asked for/)
  })

  it('explain() shortens what is long and shows bytes by their number', () => {
    const text = explain([
      { op: 'seccomp', filter: new Uint8Array(800) },
      { op: 'unmount', path: `/${'x'.repeat(500)}` },
    ])
    expect(text).to.contain('filter=<800 bytes>')
    expect(Math.max(...text.split('\n').map((line) => line.length))).to.be.lessThan(260)
  })

  it('explain() shows permission bits as people write them', () => {
    const text = explain([
      { op: 'mkdir', path: '/a', mode: 0o1777 },
      { op: 'makeFile', path: '/b', data: '', mode: 0 },
      { op: 'umask', mask: 0o27 },
      { op: 'scheduler', policy: 'other', priority: 8 },
    ])
    expect(text).to.contain('mode=01777').and.contain('mode=0000').and.contain('mask=0027').and.contain('priority=8')
    expect(text).to.contain('umask=0022')
  })

  it('explainSteps() numbers steps as errors do', () => {
    const rows = explainSteps([
      { op: 'cgroupCreate', path: '/c', slot: 'c' },
      { op: 'umask', mask: 0 },
    ])
    expect(rows.map((row) => row.index)).to.deep.equal(rows.map((_, i) => i))
    expect(rows[0]).to.include({ op: 'cgroupCreate', side: 'parent' })
    expect(rows.at(-1)).to.include({ op: 'cgroupRemove', side: 'after' })
  })
})
