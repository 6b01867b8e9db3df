// Bundle dist/iso-runtime/main.js into dist/iso-runtime.cjs, which holds the verbs an engine waits for, and the others into two files
// beside it: Node reads one file where it would read a hundred. CommonJS, because there a module is loaded when the code that uses it runs.
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const dist = fileURLToPath(new URL('../dist/', import.meta.url))

const banner = `const { pathToFileURL: isoUrlOf } = require('node:url')
const isoUrl = isoUrlOf(__filename).href, isoNativeUrl = (path) => new URL(path, isoUrlOf(require.resolve('@iso/native'))).href`

// @iso/native looks for its addon and for iso-init beside its own files; in a bundle it asks for the place of the installed package.
const native = {
  name: 'native',
  setup({ onLoad }) {
    onLoad({ filter: /\/native\/dist\/.*\.js$/ }, async ({ path }) => {
      const own = path.replace(/^.*\/native\/dist\//, '')
      const text = await readFile(path, 'utf8')
      return { contents: text.replaceAll('import.meta.url', `isoNativeUrl(${JSON.stringify(own)})`), loader: 'js' }
    })
  },
}

const PARTS = { 'create-verbs.js': 'iso-runtime-create.cjs', 'other-verbs.js': 'iso-runtime-others.cjs' }

// import('./create-verbs.js') of main.js becomes a module that loads the other file with its cache.
const parts = {
  name: 'parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/(create|other)-verbs\.js$/ }, ({ path }) => ({ path: path.slice(2), namespace: 'part' }))
    onLoad({ filter: /.*/, namespace: 'part' }, ({ path }) => ({
      contents: `import { loadPart } from './load-part.js'
module.exports = loadPart(require('node:path').join(__dirname, '${PARTS[path]}'))`,
      resolveDir: `${dist}iso-runtime`,
    }))
  },
}

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  define: { 'import.meta.url': 'isoUrl' },
  banner: { js: banner },
  platform: 'node',
  target: 'node20.19',
  supported: { 'dynamic-import': false }, // require(): import() would scan the file for exports first
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  logLevel: 'warning',
}

const bundle = (entry, outfile, plugins) =>
  build({
    ...common,
    entryPoints: [`${dist}iso-runtime/${entry}`],
    outfile: `${dist}${outfile}`,
    plugins,
    metafile: true,
  })

// V8 tells texts of one length apart by nothing: no cache may stand beside a bundle it was not made of.
for (const part of Object.values(PARTS)) rmSync(`${dist}${part}.cache`, { force: true })

await Promise.all([
  bundle('main.js', 'iso-runtime.cjs', [native, parts]),
  ...Object.entries(PARTS).map(([entry, outfile]) => bundle(entry, outfile, [native])),
])
chmodSync(`${dist}iso-runtime.cjs`, 0o755)

// What V8 compiles once it has run holds the functions that ran, too: the parts are used before their caches are taken.
const { wrapped } = await import(`${dist}iso-runtime/load-part.js`)
for (const part of Object.values(PARTS)) {
  const file = `${dist}${part}`
  const script = new Script(wrapped(readFileSync(file, 'utf8')), { filename: file })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(file), module, file, dist)
  writeFileSync(`${file}.cache`, script.createCachedData())
}
if (!readFileSync(`${dist}iso-runtime.cjs`, 'utf8').startsWith('#!'))
  throw new Error('The command has lost its first line')
