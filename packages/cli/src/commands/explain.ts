// iso explain

import type { Command } from 'commander'

import { explainSteps, link, type ExplainedStep } from '@iso/native'
import { planContainer } from '@iso/runtime'

import { RUN_OPTIONS } from '../options/all.js'
import { group, type RunOption } from '../options/option.js'
import { colours } from '../output/colours.js'
import { printJson } from '../output/format.js'
import { print } from '../output/write.js'
import { dockerToCommander } from '../parse/argv.js'
import { nameOption } from '../run/name-option.js'
import { chooseStdio } from '../run/stdio.js'
import { runSyntax, understand } from '../run/parse-run.js'
import { parse } from './parse.js'

const format = group('Output:').value('--format <form>', 'table or json (default: table)', () => undefined)
const OPTIONS: readonly RunOption[] = [...RUN_OPTIONS, format]

/** Options and arguments of `iso explain`. */
export function syntax(): Command {
  return runSyntax('iso explain')
    .usage('[run] [options] IMAGE [CMD] [ARG...]')
    .description(
      'Print the plan of a run command: each step, who runs it, its system call, and the reason. Nothing is started.'
    )
    .option(format.flags, format.text, 'table')
}

/** Print a plan. */
export async function main(words: readonly string[]): Promise<number> {
  const parsed = parse(syntax(), dockerToCommander(words[0] === 'run' ? words.slice(1) : words, OPTIONS))
  const form = parsed.opts<{ format: string }>().format
  if (form !== 'table' && form !== 'json')
    throw new TypeError(`Cannot read --format: ${JSON.stringify(form)} is not there; wanted table or json`)
  const { argv, options, tty } = understand(parsed)
  let plan
  try {
    plan = planContainer(argv, { ...options, ...(tty ? { tty: true } : chooseStdio({ interactive: false, tty })) })
  } catch (error) {
    throw nameOption(error, parsed)
  }
  const steps = explainSteps(link(plan.steps))
  // Values of variables may be secrets; a plan must be fit to be shown.
  if (form === 'json') printJson({ argv, environment: Object.keys(plan.launchOptions.env ?? {}), steps })
  else show(steps, argv)
  return 0
}

const SIDES: Readonly<Record<ExplainedStep['side'], string>> = {
  parent: 'on the host, before and beside the container',
  stage: 'in a process that joins namespaces first',
  child: 'in the container, before the program',
  after: 'on the host, when the container has ended',
}

function show(steps: readonly ExplainedStep[], argv: readonly string[]): void {
  const { bold, dim, cyan } = colours()
  const calls = Math.max(...steps.map(({ syscall }) => syscall.length))
  let side: string | undefined
  for (const step of steps) {
    if (step.side !== side) print(`${side === undefined ? '' : '\n'}${bold(SIDES[(side = step.side)])}`)
    const because = [step.origin, step.why].filter(Boolean).join(': ')
    print(
      `${String(step.index).padStart(4)}  ${cyan(step.syscall.padEnd(calls))}  ${`${step.op} ${step.detail}`.trimEnd()}${because === '' ? '' : dim(`   # ${because}`)}`
    )
    if (step.side === 'child' && steps[step.index + 1]?.side !== 'child')
      print(`      ${cyan('execve'.padEnd(calls))}  ${argv.map(quote).join(' ')}`)
  }
}

const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))
