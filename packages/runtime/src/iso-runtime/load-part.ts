// The other files of the bundle, with what V8 made of them before: compiling 400 kB takes as long as Node's own start-up work.

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Script } from 'node:vm'

type Wrapper = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  file: string,
  directory: string
) => void

/** The text that is compiled: a module of CommonJS as Node wraps it. scripts/bundle.mjs compiles the same. @internal */
export const wrapped = (text: string): string =>
  `(function (exports, require, module, __filename, __dirname) { ${text}\n})`

/** Load a file that lies beside its cache; with another V8 than the cache was made by, it is compiled anew. */
export function loadPart(file: string): object {
  const cache = `${file}.cache`
  if (!existsSync(cache)) return createRequire(file)(file) as object
  const script = new Script(wrapped(readFileSync(file, 'utf8')), { filename: file, cachedData: readFileSync(cache) })
  const module = { exports: {} }
  ;(script.runInThisContext() as Wrapper)(module.exports, createRequire(file), module, file, dirname(file))
  return module.exports
}
