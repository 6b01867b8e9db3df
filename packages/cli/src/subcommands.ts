// The table of subcommands. A module is loaded when its command is used: start-up time is felt.

import type { Command } from 'commander'

/** What the module of a subcommand exports. */
export interface SubcommandModule {
  /** Its options and arguments, for the help and docs/cli.md. */
  syntax: () => Command
  /** Run it. @returns the exit status. */
  main: (words: readonly string[]) => Promise<number>
}

/** One subcommand. */
export interface Subcommand {
  /** One word, or two: `ns ls`. */
  name: string
  summary: string
  load: () => Promise<SubcommandModule>
}

/** Every subcommand, in the order of the help. */
export const SUBCOMMANDS: readonly Subcommand[] = [
  { name: 'run', summary: 'run a program in a container', load: () => import('./commands/run.js') },
  {
    name: 'explain',
    summary: 'print what a run command would do, step by step, and why',
    load: () => import('./commands/explain.js'),
  },
  {
    name: 'doctor',
    summary: 'report what this kernel and user can do, what is missing, and the risks of this host',
    load: () => import('./commands/doctor.js'),
  },
  { name: 'ns ls', summary: 'list the namespaces of this machine', load: () => import('./commands/ns-ls.js') },
  { name: 'ns show', summary: 'show the namespaces of a process', load: () => import('./commands/ns-show.js') },
  {
    name: 'cgroup ls',
    summary: 'list the cgroups of containers, with what they use',
    load: () => import('./commands/cgroup-ls.js'),
  },
  {
    name: 'cgroup show',
    summary: 'show the limits and the use of the cgroup of a process',
    load: () => import('./commands/cgroup-show.js'),
  },
  {
    name: 'cgroup prune',
    summary: 'remove the cgroups of containers that were killed together with iso',
    load: () => import('./commands/cgroup-prune.js'),
  },
  {
    name: 'caps show',
    summary: 'show the capability sets of a process',
    load: () => import('./commands/caps-show.js'),
  },
  { name: 'caps decode', summary: 'name the capabilities of a mask', load: () => import('./commands/caps-decode.js') },
]

/** The subcommand that words begin with, and the words after it. */
export function findSubcommand(words: readonly string[]): { found: Subcommand; rest: readonly string[] } | undefined {
  for (const length of [2, 1]) {
    const found = SUBCOMMANDS.find(({ name }) => name === words.slice(0, length).join(' '))
    if (found !== undefined && words.length >= length) return { found, rest: words.slice(length) }
  }
  return undefined
}
