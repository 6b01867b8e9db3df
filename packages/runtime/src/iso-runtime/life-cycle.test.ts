import { expect } from 'chai'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { requires } from '@iso/testing'
import { leftCgroups } from '../container.test.support.js'
import { processStat } from '../oci/state/process-identity.js'
import { Bench, bundleCommand, COMMAND } from './command.test.support.js'

describe('iso-runtime life cycle', function () {
  this.timeout(60_000)
  let bench: Bench
  before(function () {
    requires(this, 'root')
    bundleCommand()
  })
  beforeEach(() => (bench = new Bench()))
  afterEach(() => {
    bench.remove()
    expect(leftCgroups(bench.prefix)).to.deep.equal([])
  })

  const sleeping = () =>
    bench.bundle((config) => {
      if (config.process !== undefined) config.process.args = ['sleep', '300']
    })
  const created = () => {
    const id = bench.id()
    const { status, stderr } = bench.run(['create', '--bundle', sleeping(), id])
    expect(stderr).to.equal('')
    expect(status).to.equal(0)
    return id
  }
  const started = () => {
    const id = created()
    expect(bench.run(['start', id])).to.include({ status: 0, stderr: '' })
    return id
  }

  it('run gives the output and the exit status of the program, and leaves nothing', () => {
    expect(bench.sh('echo out; echo err >&2; exit 7')).to.deep.equal({ status: 7, stdout: 'out\n', stderr: 'err\n' })
    expect(readdirSync(bench.root)).to.deep.equal([])
  })

  it('run gives 128 and the number of the signal that ended the program', () => {
    expect(
      bench.sh('kill -9 $$; sleep 5', (config) => {
        config.linux = { ...config.linux, namespaces: config.linux!.namespaces!.filter(({ type }) => type !== 'pid') }
      }).status
    ).to.equal(137)
  })

  it('create, start, kill and delete go through the states of the specification', () => {
    const id = created()
    expect(bench.state(id).status).to.equal('created')
    expect(bench.run(['delete', 'nobody']).stderr).to.match(/container does not exist/)
    expect(bench.run(['start', id]).status).to.equal(0)
    expect(bench.state(id).status).to.equal('running')
    const again = bench.run(['start', id])
    expect(again.status).to.equal(1)
    expect(again.stderr).to.match(/cannot start a container that has been started/)
    expect(bench.run(['delete', id]).stderr).to.match(/that is not stopped: running/)
    expect(bench.run(['kill', id, 'KILL']).status).to.equal(0)
    bench.until(id, 'stopped')
    expect(bench.state(id).pid).to.equal(0)
    expect(bench.run(['kill', id, 'KILL']).stderr).to.match(/container not running/)
    expect(bench.run(['start', id]).status).to.equal(1)
    expect(bench.run(['delete', id]).status).to.equal(0)
    expect(bench.run(['state', id]).status).to.equal(1)
  })

  it('create leaves the container to the caller: no process of ours stands above it', () => {
    const id = created()
    const status = readFileSync(`/proc/${bench.state(id).pid}/status`, 'utf8')
    const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1])
    expect(readFileSync(`/proc/${parent}/comm`, 'utf8')).not.to.match(/^(iso-|node)/)
  })

  it('create refuses an id that is taken, and one that is no name', () => {
    const id = created()
    expect(bench.run(['create', '--bundle', sleeping(), id]).stderr).to.match(/container with id exists already/)
    expect(bench.state(id).status).to.equal('created')
    for (const bad of ['../up', 'a/b', '', '.']) {
      expect(bench.run(['create', '--bundle', sleeping(), '--', bad]).status, bad).to.equal(1)
    }
  })

  it('create writes the pid file, and delete ends a container that was never started', () => {
    const id = bench.id()
    const file = join(bench.scratch, 'pid')
    bench.run(['create', '--bundle', sleeping(), '--pid-file', file, id])
    expect(readFileSync(file, 'utf8')).to.equal(String(bench.state(id).pid))
    expect(bench.run(['delete', id]).status).to.equal(0)
    expect(processStat(Number(readFileSync(file, 'utf8')))?.alive ?? false).to.equal(false)
  })

  it('create keeps to the configuration it has read: a later change has no effect', () => {
    const id = bench.id()
    const bundle = sleeping()
    bench.run(['create', '--bundle', bundle, id])
    spawnSync('sh', ['-c', `echo '{}' > ${bundle}/config.json`])
    expect(bench.run(['start', id]).status).to.equal(0)
    expect(bench.run(['exec', id, 'hostname']).stdout).to.equal('iso\n')
  })

  it('create says that there is no such program, in words that engines know; start, what shows only then', () => {
    const bundle = bench.bundle((config) => (config.process!.args = ['/no/such']))
    const { status, stderr } = bench.run(['create', '--bundle', bundle, bench.id()])
    expect(status).to.equal(1)
    expect(stderr).to.match(/\/no\/such.*no such file or directory/)
    const nosuch = bench.sh('x', (config) => (config.process!.args = ['nosuch']))
    expect(nosuch.stderr).to.match(/executable file not found in \$PATH/)
    const denied = bench.sh('x', (config) => (config.process!.args = ['/etc/passwd']))
    expect(denied.stderr).to.match(/permission denied/)
    bench.rootfs.file('bin/broken', '#!/no/interpreter\n', 0o755)
    const id = bench.id()
    const broken = bench.bundle((config) => (config.process!.args = ['broken']))
    expect(bench.run(['create', '--bundle', broken, id])).to.include({ status: 0, stderr: '' })
    expect(bench.run(['start', id]).stderr).to.match(/permission denied.*interpreter/)
  })

  it('kill takes names and numbers of signals, and --all reaches every process', () => {
    const id = started()
    bench.run(['exec', '--detach', id, 'sleep', '400'])
    expect(bench.run(['kill', id, 'NOSUCH']).stderr).to.match(/unknown signal/)
    expect(bench.run(['kill', id, '0']).status).to.equal(0)
    expect(bench.run(['ps', '--format', 'json', id]).stdout).to.match(/^\[\d+,\d+\]\n$/)
    expect(bench.run(['kill', '--all', id, 'SIGKILL']).status).to.equal(0)
    bench.until(id, 'stopped')
  })

  it('pause stops, resume goes on, exec into a paused container is refused, delete --force ends it', () => {
    const id = started()
    expect(bench.run(['pause', id]).status).to.equal(0)
    expect(bench.state(id).status).to.equal('paused')
    expect(bench.run(['pause', id]).status).to.equal(1)
    expect(bench.run(['exec', id, 'true'])).to.include({ status: 255 })
    expect(bench.run(['resume', id]).status).to.equal(0)
    expect(bench.state(id).status).to.equal('running')
    bench.run(['pause', id])
    expect(bench.run(['delete', '--force', id])).to.include({ status: 0, stderr: '' })
    expect(bench.run(['delete', '--force', id])).to.include({ status: 0, stderr: '' })
  })

  it('list shows all containers, as a table, as JSON and as ids', () => {
    const [one, two] = [created(), started()]
    expect(bench.run(['list', '--quiet']).stdout).to.equal(`${one}\n${two}\n`)
    const all = JSON.parse(bench.run(['list', '--format', 'json']).stdout) as { id: string; status: string }[]
    expect(all.map(({ status }) => status)).to.deep.equal(['created', 'running'])
    expect(bench.run(['list']).stdout).to.match(/^ID +PID +STATUS +BUNDLE +CREATED +OWNER\n/)
  })

  it('a crash in the middle of create leaves what delete --force removes', () => {
    const id = bench.id()
    mkdirSync(join(bench.root, id), { recursive: true })
    expect(bench.run(['create', '--bundle', sleeping(), id]).status).to.equal(1)
    expect(bench.run(['delete', '--force', id]).status).to.equal(0)
    expect(existsSync(join(bench.root, id))).to.equal(false)
  })

  it('errors go to --log as JSON that containerd reads, and to standard error', () => {
    const file = join(bench.scratch, 'log.json')
    const { stderr } = bench.run(['--log', file, '--log-format', 'json', 'state', 'nobody'])
    const line = JSON.parse(readFileSync(file, 'utf8')) as { level: string; msg: string; time: string }
    expect(line.level).to.equal('error')
    expect(line.msg).to.match(/container does not exist/)
    expect(line.time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(stderr).to.equal(`${line.msg}\n`)
  })

  it('what is no command line is refused with status 1', () => {
    for (const words of [
      ['nosuch'],
      ['create'],
      ['create', '--nosuch', 'x'],
      ['state', 'a', 'b'],
      ['--log-format', 'x', 'list'],
    ])
      expect(bench.run(words).status, words.join(' ')).to.equal(1)
    expect(bench.run(['--version']).stdout).to.match(/^iso-runtime version \d/)
    expect(bench.run(['--help']).stdout).to.match(/create/)
  })

  it('run --detach leaves the program behind; --preserve-fds hands it descriptors', () => {
    const id = bench.id()
    const out = join(bench.scratch, 'out')
    const fd = openSync(out, 'w')
    const bundle = bench.bundle((config) => (config.process!.args = ['sh', '-c', 'echo hello >&3; sleep 300']))
    const argv = ['--root', bench.root, 'run', '--detach', '--preserve-fds', '1', '--bundle', bundle, id]
    const { status } = spawnSync(process.execPath, [COMMAND, ...argv], { stdio: ['ignore', 'ignore', 'inherit', fd] })
    closeSync(fd)
    expect(status).to.equal(0)
    expect(bench.state(id).status).to.equal('running')
    for (const end = Date.now() + 5000; readFileSync(out, 'utf8') === '' && Date.now() < end;);
    expect(readFileSync(out, 'utf8')).to.equal('hello\n')
    expect(bench.run(['create', '--preserve-fds', '5', '--bundle', bundle, bench.id()]).stderr).to.match(
      /not open here/
    )
  })
})
