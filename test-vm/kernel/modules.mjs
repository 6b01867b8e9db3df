// Which module files the guest loads, in which order.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { InfrastructureError } from '../infrastructure-error.mjs'
import { unpack } from './vmlinux.mjs'

/**
 * Modules and what they depend on, dependencies first. What is built into the kernel is left out.
 *
 * @param {string} directory `/lib/modules/<release>` of an unpacked package
 * @param {readonly string[]} wanted names of modules
 * @returns {{ name: string, content: Buffer }[]}
 */
export function orderModules(directory, wanted) {
  const files = listModules(join(directory, 'kernel'))
  const builtin = readFileSync(join(directory, 'modules.builtin'), 'utf8')
  const ordered = new Map()
  const add = (name) => {
    if (ordered.has(name)) return
    const file = files.get(name)
    if (file === undefined) {
      if (builtinNames(builtin).has(name)) return
      throw new InfrastructureError(`The kernel's package has no module ${name}`)
    }
    const content = file.endsWith('.xz')
      ? unpack(['xz', '--decompress', '--stdout'], readFileSync(file))
      : readFileSync(file)
    for (const other of dependencies(content)) add(other)
    ordered.set(name, content)
  }
  for (const name of wanted) add(name)
  return [...ordered].map(([name, content]) => ({ name, content }))
}

/** What the .modinfo section of a module says after `depends=`. depmod(8) would not find more, and is not in the package. */
export function dependencies(content) {
  const at = content.indexOf('\0depends=')
  if (at < 0) return []
  const start = at + '\0depends='.length
  const text = content.toString('latin1', start, content.indexOf(0, start))
  return text.split(',').filter(Boolean).map(normal)
}

// A module has one name, its file may be spelt with the other sign.
function normal(name) {
  return name.replaceAll('-', '_')
}

function listModules(directory) {
  const found = readdirSync(directory, { recursive: true }).filter((path) => /\.ko(\.xz)?$/.test(path))
  return new Map(found.map((path) => [normal(basename(path).replace(/\.ko(\.xz)?$/, '')), join(directory, path)]))
}

function builtinNames(text) {
  return new Set(text.split('\n').map((line) => normal(basename(line).replace(/\.ko$/, ''))))
}
