// Rules of this repository that no other tool checks; part of `npm run lint`.
import { checkErrorCodes } from './repository/error-codes.mjs'
import { checkPackages } from './repository/packages.mjs'
import { checkProse } from './repository/prose.mjs'
import { checkReadmes } from './repository/readmes.mjs'

const faults = [...checkPackages(), ...checkReadmes(), ...checkErrorCodes(), ...checkProse()]
for (const fault of faults) console.error(fault)
if (faults.length > 0) console.error(`\n${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
