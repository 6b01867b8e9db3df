import { expect } from 'chai'

import { markLines } from './lines.mjs'
import { parseOptions } from './options.mjs'
import { chooseSuites } from './suites.mjs'

describe('test-vm', () => {
  it('parseOptions() takes all kernels and all suites unless told', () => {
    const options = parseOptions(['--kernel', '6.12', '--minutes', '2', 'packages/ns'])
    expect(options.kernels.map(({ name }) => name)).to.deep.equal(['6.12'])
    expect(options).to.include({ selection: 'all', deadlineMs: 120_000, accelerator: undefined })
    expect(options.patterns).to.deep.equal(['packages/ns'])
    expect(parseOptions([]).kernels).to.have.length(2)
  })

  it('parseOptions() refuses what it does not know, with the value', () => {
    for (const argv of [
      ['--kernel', '2.4'],
      ['--selection', 'some'],
      ['--accel', 'xen'],
      ['--minutes', '0'],
    ])
      expect(() => parseOptions(argv), argv.join(' ')).to.throw(RangeError, argv[1])
    expect(() => parseOptions(['--colour'])).to.throw(TypeError, '--colour')
  })

  it('chooseSuites() takes sources for what they compile to', () => {
    const { files, left } = chooseSuites({ selection: 'ci', patterns: ['packages/ns/src/list.test.ts'] })
    expect(files).to.deep.equal(['packages/ns/dist/list.test.js'])
    expect(left).to.deep.equal([])
    expect(() => chooseSuites({ selection: 'all', patterns: ['no/such'] })).to.throw(RangeError, 'no/such')
  })

  it('chooseSuites() says what the gate leaves to the nightly run, and loses nothing', () => {
    const all = chooseSuites({ selection: 'all', patterns: [] })
    const gate = chooseSuites({ selection: 'ci', patterns: [] })
    expect(all.left).to.deep.equal([])
    expect(gate.files.length + gate.left.reduce((sum, one) => sum + one.files, 0)).to.equal(all.files.length)
    for (const one of gate.left) expect(one.why).to.be.a('string').that.is.not.empty
    for (const folder of ['cgroups', 'ns', 'overlay', 'userns', 'caps', 'seccomp', 'runtime'])
      expect(
        gate.files.some((file) => file.startsWith(`packages/${folder}/`)),
        folder
      ).to.equal(true)
  })

  it('markLines() marks each line once, however it arrives', () => {
    let printed = ''
    const lines = markLines('6.1 | ', (text) => (printed += text))
    for (const chunk of ['a', 'b\nc', '\n', '\nd']) lines.write(chunk)
    expect(printed).to.equal('6.1 | ab\n6.1 | c\n6.1 | \n')
    lines.end()
    expect(printed.endsWith('6.1 | d\n')).to.equal(true)
  })
})
