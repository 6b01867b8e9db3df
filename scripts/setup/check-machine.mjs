import { SetupError } from './setup-error.mjs'

// Kept equal to `engines` in package.json.
const WANTED = [20, 19]

/** Refuse machines on which nothing of this can work. */
export function checkMachine() {
  if (process.platform !== 'linux') {
    throw new SetupError(`This is ${process.platform}; @iso is made of Linux kernel features and runs on Linux only.`)
  }
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < WANTED[0] || (major === WANTED[0] && minor < WANTED[1])) {
    throw new SetupError(
      `This is Node ${process.versions.node}; wanted ${WANTED.join('.')} or newer (https://nodejs.org).`
    )
  }
}
