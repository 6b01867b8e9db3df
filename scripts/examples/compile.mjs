// One TypeScript program of all examples, so that the packages' types are read once.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT, run, tool } from '../lib/command.mjs'

// Inside the workspace, so that `@iso/…` is found as a user's would be; one a run, since two may run at once.
const FOLDER = `build/examples-${process.pid}`
const BUILD = join(ROOT, FOLDER)

/**
 * Write each example to a file of its own and compile them.
 *
 * @param {import('./extract.mjs').Example[]} examples
 * @returns {Promise<{ scripts: string[], errors: string[][] }>} for each example the compiled file, and what TypeScript says
 */
export async function compile(examples) {
  rmSync(BUILD, { recursive: true, force: true })
  mkdirSync(join(BUILD, 'src'), { recursive: true })
  const names = examples.map(({ file, line }) => `${file.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-/, '')}-${line}`)
  examples.forEach(({ code, line }, index) => {
    // Blank lines before it keep the line numbers those of the document.
    writeFileSync(join(BUILD, 'src', `${names[index]}.ts`), `${'\n'.repeat(line - 1)}${code}\n`)
  })
  writeFileSync(join(BUILD, 'package.json'), '{ "type": "module" }\n')
  writeFileSync(join(BUILD, 'tsconfig.json'), JSON.stringify(CONFIG))
  const { output } = await run([...tool('typescript/bin/tsc'), '-p', BUILD, '--pretty', 'false'], { hold: true })
  const said = output.split('\n')
  const errors = names.map((name) => said.filter((line) => line.startsWith(`${FOLDER}/src/${name}.ts(`)))
  const scripts = names.map((name) => join(BUILD, 'out', `${name}.js`))
  return { scripts, errors }
}

/** Remove what compile() wrote. */
export function removeCompiled() {
  rmSync(BUILD, { recursive: true, force: true })
}

const CONFIG = {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    rootDir: 'src',
    outDir: 'out',
    composite: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    // An example need not use what it declares, and is a module even without an import.
    noUnusedLocals: false,
    noUnusedParameters: false,
    moduleDetection: 'force',
    noEmitOnError: false,
    types: ['node'],
  },
  include: ['src'],
}
