// Puts the tables between the markers of docs/performance.md, and the picture beside it.
import { readFileSync, writeFileSync } from 'node:fs'

import { ROOT } from '../../scripts/lib/command.mjs'

const PAGE = `${ROOT}/docs/performance.md`
const [BEGIN, END] = ['<!-- bench:begin -->', '<!-- bench:end -->']

/** @param {string} text Markdown @param {string | undefined} picture SVG */
export function writeDocs(text, picture) {
  const page = readFileSync(PAGE, 'utf8')
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`Cannot write the results: ${PAGE} has no ${BEGIN} and ${END}`)
  const image = picture === undefined ? '' : '\n![Where the time goes, step by step](performance-steps.svg)\n'
  writeFileSync(PAGE, `${page.slice(0, from)}${BEGIN}\n${text}${image}${page.slice(to)}`)
  if (picture !== undefined) writeFileSync(`${ROOT}/docs/performance-steps.svg`, picture)
}
