// Every ISO_ code that sources use is in the table of docs/errors.md, and the other way round.
import { files, read } from './files.mjs'

const TABLE = 'docs/errors.md'

/** @returns {string[]} faults */
export function checkErrorCodes() {
  const used = new Map()
  for (const file of files(/^(native|packages\/[^/]+)\/src\/.*(?<!\.test)\.ts$/)) {
    for (const code of codesIn(read(file))) used.set(code, file)
  }
  const documented = new Set([...read(TABLE).matchAll(/^\| `(ISO_[A-Z0-9_]+)` \|/gm)].map(([, code]) => code))
  return [
    ...[...used]
      .filter(([code]) => !documented.has(code))
      .map(([code, file]) => `${TABLE}: ${code} (${file}) is missing`),
    ...[...documented].filter((code) => !used.has(code)).map((code) => `${TABLE}: no source uses ${code}`),
  ]
}

// A code is a string of its own; names of environment variables stand behind `env`.
function codesIn(text) {
  return [...text.matchAll(/(env\??\.?\[)?'(ISO_[A-Z0-9_]+)'/g)]
    .filter(([, env]) => env === undefined)
    .map(([, , code]) => code)
}
