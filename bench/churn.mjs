// `npm run churn [-- --containers N] [--at-once N]`: what many containers leave behind, once the kernel's own deferred cleaning is done.
// Counts descriptors, mounts, cgroups (also dying ones), kernel objects of namespaces and mounts, supervisors, and the memory of Node
// and of the launcher. Ends with status 1 where anything grows.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const OUT = fileURLToPath(new URL('out', import.meta.url))
const { values } = parseArgs({
  options: { containers: { type: 'string', default: '10000' }, 'at-once': { type: 'string', default: '8' } },
})
const [total, atOnce] = [Number(values.containers), Number(values['at-once'])]
if (!Number.isInteger(total) || total < 200)
  throw new RangeError(`Cannot churn: --containers is '${values.containers}'; wanted a whole number from 200`)

// Memory is compared after a collection, or the garbage that happens to lie about would be measured.
if (globalThis.gc === undefined) {
  const env = { ...process.env }
  delete env.NODE_EXTRA_CA_CERTS
  process.exit(
    spawnSync(process.execPath, ['--expose-gc', ...process.argv.slice(1)], { stdio: 'inherit', env }).status ?? 1
  )
}

const { openContext } = await import('./lib/context.mjs')
const { timeContainer } = await import('./lib/launching.mjs')

// What may differ: other processes live on this machine, and the kernel's slabs are counted by the page.
const ALLOWED = {
  descriptors: 0,
  mounts: 0,
  'cgroup directories': 0,
  supervisors: 0,
  cgroups: 40,
  'net namespaces': 60,
  'pid namespaces': 250,
  'mount objects': 400,
}
// Either is enough: a short run cannot tell a slope from what V8 and malloc hold back once.
const RSS_PER_CONTAINER_BYTES = 500
const RSS_BYTES = 16 * 2 ** 20

const context = await openContext(1)
let failed = 0
try {
  await run(Math.floor(total / 10))
  const before = await look()
  const samples = []
  for (let done = 0; done < total;) {
    const part = Math.min(Math.ceil(total / 10), total - done)
    const start = performance.now()
    await run(part)
    done += part
    const sample = { done, perSecond: Math.round((part / (performance.now() - start)) * 1000), ...memory() }
    samples.push(sample)
    console.log(
      `${String(done).padStart(7)} containers, ${sample.perSecond} a second, RSS of Node ${mib(sample.rss)} MiB, of the launcher ${sample.launcherKb} kB`
    )
  }
  const after = await settled(before)
  for (const [name, allowed] of Object.entries(ALLOWED))
    report(name, before[name], after[name], after[name] - before[name] <= allowed)
  const perContainer = slope(samples)
  report(
    'RSS of Node, bytes a container',
    0,
    Math.round(perContainer),
    perContainer < RSS_PER_CONTAINER_BYTES || samples.at(-1).rss - samples[0].rss < RSS_BYTES
  )
  report(
    'memory of the launcher, kB',
    samples[0].launcherKb,
    samples.at(-1).launcherKb,
    samples.at(-1).launcherKb - samples[0].launcherKb <= 64
  )
  mkdirSync(OUT, { recursive: true })
  writeFileSync(
    `${OUT}/churn.json`,
    `${JSON.stringify({ machine: context.machine, total, atOnce, before, after, samples, rssBytesPerContainer: perContainer }, undefined, 1)}\n`
  )
} finally {
  await context.close()
}
process.exitCode = failed > 0 ? 1 : 0

async function run(count) {
  let left = count
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await timeContainer(context.make)
    })
  )
}

function report(name, before, after, good) {
  if (!good) failed++
  console.log(`${good ? 'ok    ' : 'LEAKED'} ${name}: ${before} before, ${after} after`)
}

// The kernel removes network namespaces, mounts and memory cgroups in its own time: up to a minute is given to it.
async function settled(before) {
  let now = await look()
  for (
    let tries = 0;
    tries < 60 && Object.entries(ALLOWED).some(([name, allowed]) => now[name] - before[name] > allowed);
    tries++
  ) {
    await sleep(1000)
    now = await look()
  }
  return now
}

async function look() {
  await sleep(200)
  const slab = readFileSync('/proc/slabinfo', 'utf8')
  const objects = (name) => Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(slab)?.[1] ?? 0)
  const rows = readFileSync('/proc/cgroups', 'utf8').trim().split('\n').slice(1)
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length,
    'cgroup directories': directories('/sys/fs/cgroup').filter((path) => path.includes('iso-bench/')).length,
    supervisors: supervisors().length,
    cgroups: rows.reduce((sum, row) => sum + Number(row.split('\t')[2]), 0),
    'net namespaces': objects('net_namespace'),
    'pid namespaces': objects('pid_namespace'),
    'mount objects': objects('mnt_cache'),
  }
}

function directories(path) {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [`${path}/${name}`, ...quietly(() => directories(`${path}/${name}`), [])])
}

function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) =>
      quietly(
        () => [
          {
            pid,
            name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim(),
            parent: Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
          },
        ],
        []
      )
    )
}

// Of our own launcher: others may run containers on this machine.
function supervisors() {
  const all = processes()
  const ours = new Set(
    all.filter(({ name, parent }) => name === 'iso-launcher' && parent === process.pid).map(({ pid }) => Number(pid))
  )
  return all.filter(({ name, parent }) => name === 'iso-supervisor' && ours.has(parent))
}

function quietly(read, otherwise) {
  try {
    return read()
  } catch {
    return otherwise // Gone since it was listed.
  }
}

function memory() {
  globalThis.gc()
  const launcher = processes().find(({ name, parent }) => name === 'iso-launcher' && parent === process.pid)
  const kb = launcher && Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${launcher.pid}/status`, 'utf8'))?.[1])
  return { rss: process.memoryUsage.rss(), launcherKb: kb ?? 0 }
}

function mib(bytes) {
  return (bytes / 2 ** 20).toFixed(1)
}

// Bytes a container, by least squares over the second half of the samples: the first one still fills caches.
function slope(samples) {
  const half = samples.slice(Math.floor(samples.length / 2))
  const mean = (pick) => half.reduce((sum, one) => sum + pick(one), 0) / half.length
  const [x, y] = [mean(({ done }) => done), mean(({ rss }) => rss)]
  return (
    half.reduce((sum, one) => sum + (one.done - x) * (one.rss - y), 0) /
    half.reduce((sum, one) => sum + (one.done - x) ** 2, 0)
  )
}
