// Everything the doctor looks at.

import { describe } from '../errors/report.js'
import type { Area, Check } from './check.js'
import { checkCgroups } from './checks/cgroups.js'
import { checkContainer } from './checks/container.js'
import { checkFiles } from './checks/files.js'
import { checkFilter } from './checks/filter.js'
import { checkKernel } from './checks/kernel.js'
import { checkNamespaces } from './checks/namespaces.js'
import { checkPrivilege } from './checks/privilege.js'
import { checkRisks } from './checks/risks.js'
import { checkSpeed } from './checks/speed.js'
import { checkUsers } from './checks/users.js'
import { Machine } from './machine.js'

/** Look at everything. One look that fails does not keep the others from being taken. */
export async function examine(machine = new Machine()): Promise<Check[]> {
  const looks: readonly (readonly [Area, () => Check[] | Promise<Check[]>])[] = [
    ['machine', () => checkKernel(machine)],
    ['machine', () => checkSpeed()],
    ['privilege', () => checkPrivilege(machine)],
    ['namespaces', () => checkNamespaces()],
    ['users', () => checkUsers()],
    ['cgroups', () => checkCgroups()],
    ['files', () => checkFiles()],
    ['filter', () => checkFilter(machine)],
    ['container', () => checkContainer()],
    ['risk', () => checkRisks(machine)],
  ]
  const checks: Check[] = []
  for (const [area, look] of looks) {
    try {
      checks.push(...(await look()))
    } catch (error) {
      checks.push({
        area,
        name: `${area}-look`,
        status: 'missing',
        found: describe(error),
        cause: 'this could not be looked at',
      })
    }
  }
  return checks
}
