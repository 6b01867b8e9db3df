// Tables for people.

import Table from 'cli-table3'

import { colours } from './colours.js'

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
}

/**
 * Lay out rows in columns, with no lines between them, so that `grep` and `awk` can read them.
 *
 * @param head names of the columns.
 * @returns lines joined with newlines, no blanks at their ends.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const { bold } = colours()
  const sheet = new Table({
    head: head.map((name) => bold(name.toUpperCase())),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  })
  sheet.push(...rows.map((row) => [...row]))
  return sheet
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
