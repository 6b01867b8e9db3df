import { constants } from 'node:os'

import { expect } from 'chai'
import { IsoError } from '@iso/native'

import { parseRun } from '../run/parse-run.js'
import { exitCodeOf, exitCodeOfError } from './exit-code.js'
import { describe as line } from './report.js'

const thrown = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}

describe('describe()', () => {
  it('describe() is one line, whatever the message', () => {
    expect(line(new TypeError('Cannot a:\n  b\nc'))).to.equal('Cannot a:; b; c')
  })

  it('describe() carries the hint of an IsoError', () => {
    expect(
      line(new IsoError('ISO_STEP', 'Cannot mount "/x"', { errno: constants.errno.EPERM, hint: 'be root' }))
    ).to.equal('Cannot mount "/x": EPERM; be root')
  })

  it('describe() says which option was meant', () => {
    expect(line(thrown(() => parseRun(['--memry', '1', 'host'])))).to.equal(
      "unknown option '--memry'; Did you mean --memory?"
    )
  })

  it("describe() gives the reason for an option of Docker's that is not there", () => {
    expect(line(thrown(() => parseRun(['-d', 'host'])))).to.match(
      /^-d is not supported: a container of iso run ends with the command/
    )
    expect(line(thrown(() => parseRun(['--publish=80:80', 'host'])))).to.match(
      /^--publish.* is not supported: a container has no network/
    )
  })

  it('describe() owns up to what should not happen', () => {
    expect(line(new Error('x'))).to.match(/^x; this should not happen/)
  })
})

describe('exit codes', () => {
  it('exitCodeOfError() tells 125, 126 and 127 apart', () => {
    expect(exitCodeOfError(new IsoError('ISO_NOT_FOUND', ''))).to.equal(127)
    expect(exitCodeOfError(new IsoError('ISO_NOT_EXECUTABLE', ''))).to.equal(126)
    expect(exitCodeOfError(new IsoError('ISO_TOO_BIG', ''))).to.equal(126)
    expect(exitCodeOfError(new IsoError('ISO_STEP', ''))).to.equal(125)
    expect(exitCodeOfError(new TypeError(''))).to.equal(125)
  })

  it('exitCodeOf() is the status, or 128 and the signal', () => {
    expect(exitCodeOf({ exitCode: 3, signal: null, cause: 'exit' })).to.equal(3)
    expect(exitCodeOf({ exitCode: 141, signal: null, cause: 'output-limit' })).to.equal(137)
    expect(exitCodeOf({ exitCode: null, signal: 'SIGKILL', cause: 'signal' })).to.equal(137)
    expect(exitCodeOf({ exitCode: null, signal: 'SIGTERM', cause: 'signal' })).to.equal(143)
    expect(exitCodeOf({ exitCode: null, signal: 'SIG35', cause: 'signal' })).to.equal(163)
  })
})
