import { print } from '../log.js'
import { VERSION } from '../version.js'
import type { Verb } from './verb.js'

/** `--version`. */
export const version: Verb = () => {
  print(1, `iso-runtime version ${VERSION}\nspec: 1.3.0\n`)
  return 0
}

/** `--help`. */
export const help: Verb = () => {
  print(1, TEXT)
  return 0
}

const TEXT = `iso-runtime: an OCI runtime with the command line of runc

Usage: iso-runtime [--root DIR] [--log FILE] [--log-format text|json] [--debug] [--systemd-cgroup] [--rootless auto] COMMAND …

  create      make a container from a bundle, without starting its program
  start       start the program of a created container
  state       show a container as JSON
  kill        send a signal to a container
  delete      remove what is left of a container
  run         create, start, wait and delete
  exec        run another program in a container
  list        show all containers
  ps          show the processes of a container
  pause       stop all processes of a container
  resume      let them go on
  update      change limits of a container
  events      show figures and kills for want of memory
  spec        write a config.json
  features    show what this runtime can do
  checkpoint  refused
  restore     refused
`
