#!/usr/bin/env node
import { main } from './cli.js'

// Not exitCode: a terminal or a signal handler must not keep Node running once the work is done. What was printed was printed
// synchronously.
process.exit(await main(process.argv.slice(2)))
