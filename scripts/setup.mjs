// Set up a clone: programs of the distribution, npm packages, native build, TypeScript, the command. Idempotent, quick when nothing is
// to do, and clear about what is missing. `node scripts/setup.mjs [--tests]`
import { fileURLToPath } from 'node:url'

import { buildCommand } from './setup/build-command.mjs'
import { buildNative } from './setup/build-native.mjs'
import { buildTypescript } from './setup/build-typescript.mjs'
import { checkMachine } from './setup/check-machine.mjs'
import { installNpmPackages } from './setup/npm-packages.mjs'
import { installPrograms } from './setup/programs.mjs'
import { SetupError } from './setup/setup-error.mjs'

/**
 * @param {{ tests?: boolean }} options tests: also what only the tests need
 * @returns {Promise<boolean>} false where something is missing; it has been said what
 */
export async function setup({ tests = false } = {}) {
  try {
    checkMachine()
    await installPrograms(tests)
    await installNpmPackages()
    await buildNative()
    await buildTypescript()
    await buildCommand()
    return true
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.error(`\nSet-up stopped. ${error.message}`)
    return false
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = (await setup({ tests: process.argv.includes('--tests') })) ? 0 : 1
}
