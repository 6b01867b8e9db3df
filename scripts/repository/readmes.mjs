// Every package has a README of one shape: one sentence, a short example, guarantees, limits, a link.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from '../lib/command.mjs'
import { manifestOf, workspaces } from '../lib/workspaces.mjs'
import { read } from './files.mjs'

/** @returns {string[]} faults */
export function checkReadmes() {
  return workspaces().flatMap((folder) => {
    const file = `${folder}/README.md`
    const { name } = manifestOf(folder)
    if (!existsSync(join(ROOT, file))) return [`${file}: missing`]
    const text = read(file)
    const [title, , sentence] = text.split('\n')
    const wants = [
      [title === `# ${name}`, `begins with "# ${name}"`],
      [/^[A-Z@`].*[.:]?$/.test(sentence ?? ''), 'says in one sentence, on line 3, what the package is'],
      [/^```(ts|sh)/m.test(text), 'shows an example'],
      [/^## .*guarantee/im.test(text), 'has a section on guarantees ("## Guarantees")'],
      [/^## .*limit/im.test(text), 'has a section on limits ("## Limits")'],
      [/\]\((\.\.\/)+docs\//.test(text), 'links to docs/'],
    ]
    return wants.filter(([holds]) => !holds).map(([, text]) => `${file}: no README of the shape: one that ${text}`)
  })
}
