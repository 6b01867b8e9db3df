import { expect } from 'chai'

import { RUN_OPTIONS } from '../options/all.js'
import { dockerToCommander } from './argv.js'

const rewrite = (...words: string[]) => dockerToCommander(words, RUN_OPTIONS)

describe('dockerToCommander()', () => {
  for (const words of [['-m=2048m'], ['-m', '2048m'], ['-m2048m'], ['--memory=2048m'], ['--memory', '2048m']]) {
    it(`dockerToCommander() reads ${words.join(' ')}`, () => {
      expect(rewrite(...words, 'host')).to.deep.equal(['--memory=2048m', '--', 'host'])
    })
  }

  for (const words of [
    ['-it'],
    ['-i', '-t'],
    ['-ti'],
    ['--interactive', '--tty'],
    ['-i=true', '-t=1'],
    ['--tty=T', '-i'],
  ]) {
    it(`dockerToCommander() reads ${words.join(' ')}`, () => {
      expect(rewrite(...words, 'host').sort()).to.deep.equal(['--', '--interactive', '--tty', 'host'])
    })
  }

  it('dockerToCommander() ends a cluster with an option that takes a value', () => {
    expect(rewrite('-ite', 'A=b', 'host')).to.deep.equal(['--interactive', '--tty', '--env=A=b', '--', 'host'])
    expect(rewrite('-iteA=b', 'host')).to.deep.equal(['--interactive', '--tty', '--env=A=b', '--', 'host'])
    expect(rewrite('-itu=1000', 'host')).to.deep.equal(['--interactive', '--tty', '--user=1000', '--', 'host'])
  })

  it('dockerToCommander() turns a false flag into its opposite', () => {
    expect(rewrite('--sig-proxy=false', '-t=0', 'host')).to.deep.equal(['--no-sig-proxy', '--no-tty', '--', 'host'])
    expect(() => rewrite('--privileged=maybe', 'host')).to.throw(
      TypeError,
      'Cannot read --privileged: "maybe" is neither true nor false'
    )
  })

  it('dockerToCommander() leaves everything from the image on alone', () => {
    expect(rewrite('--rm', 'host', 'ls', '-m=3', '--', '--rm=false')).to.deep.equal([
      '--rm',
      '--',
      'host',
      'ls',
      '-m=3',
      '--',
      '--rm=false',
    ])
    expect(rewrite('--', 'host', '-x')).to.deep.equal(['--', 'host', '-x'])
  })

  it('dockerToCommander() takes a value that looks like an option', () => {
    expect(rewrite('--pids-limit', '-1', '-e', '--rm', 'host')).to.deep.equal([
      '--pids-limit=-1',
      '--env=--rm',
      '--',
      'host',
    ])
  })

  it('dockerToCommander() keeps empty values and further equals signs', () => {
    expect(rewrite('-e', 'A=', '--hostname=', '-e=B=c=d', 'host')).to.deep.equal([
      '--env=A=',
      '--hostname=',
      '--env=B=c=d',
      '--',
      'host',
    ])
  })

  it('dockerToCommander() knows the other names of options', () => {
    expect(rewrite('--net', 'host', 'host')).to.deep.equal(['--network=host', '--', 'host'])
  })

  it('dockerToCommander() leaves what is unknown to commander', () => {
    expect(rewrite('--publish', '80:80')).to.deep.equal(['--publish', '--', '80:80'])
    expect(rewrite('-iZ', 'host')).to.deep.equal(['--interactive', '-Z', '--', 'host'])
    expect(rewrite('-m')).to.deep.equal(['--memory'])
  })
})
