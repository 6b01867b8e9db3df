// Bundle dist/main.js into dist/iso.cjs, the `iso` of package.json, and all that it may load into dist/iso-cli.cjs: Node reads two
// files instead of some two hundred, each of which costs it half a millisecond. CommonJS, because there a module of Node is loaded
// when the code that uses it runs; an ES module loads all it may need before it begins.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const dist = fileURLToPath(new URL('../dist/', import.meta.url))

const banner = `const { pathToFileURL: isoUrlOf } = require('node:url')
const isoUrl = isoUrlOf(__filename).href, isoNativeUrl = (path) => new URL(path, isoUrlOf(require.resolve('@iso/native'))).href`

// @iso/native looks for its addon and for iso-init beside its own files. In the bundle those files are elsewhere: they ask for
// the place of the installed package instead.
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

// Node 20 looks for its own --env-file among the arguments of the program, too, unless -- stands before them. A shell reads the
// second line as a command, Node as a string and a comment.
const start = {
  name: 'start',
  setup({ onLoad }) {
    onLoad({ filter: /\/cli\/dist\/main\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      return { contents: text.replace(/^#!.*/, '#!/bin/sh'), loader: 'js' }
    })
  },
}
const polyglot = `':' //; exec node -- "$0" "$@"`

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  define: { 'import.meta.url': 'isoUrl' },
  banner: { js: banner },
  platform: 'node',
  target: 'node20.19',
  supported: { 'dynamic-import': false }, // require() the second file: import() would scan it for exports first
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  logLevel: 'warning',
}

const cli = {
  name: 'cli',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/cli\.js$/ }, () => ({ path: './iso-cli.cjs', external: true })),
}

const [, { metafile }] = await Promise.all([
  build({
    ...common,
    entryPoints: [`${dist}main.js`],
    outfile: `${dist}iso.cjs`,
    plugins: [start, cli],
    banner: { js: `${polyglot}\n${banner}` },
  }),
  build({
    ...common,
    entryPoints: [`${dist}cli.js`],
    outfile: `${dist}iso-cli.cjs`,
    plugins: [native],
    metafile: true,
  }),
])
writeFileSync(`${dist}iso-cli.licenses.txt`, licenses(Object.keys(metafile.inputs)))

// Whose work is in the bundle: their licences want to go along.
function licenses(inputs) {
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? []))
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry))
      const text = file === undefined ? '' : `\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}`
      return `${name} ${version}, ${license}${text}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}
