import type { Globals } from '../globals.js'

/** A verb: does its work and tells the exit status. */
export type Verb = (words: readonly string[], globals: Globals) => number | Promise<number>
