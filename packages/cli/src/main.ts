#!/usr/bin/env node
import { print } from './output/write.js'
import { version } from './version.js'

const words = process.argv.slice(2)
// The one question that needs nothing else to be loaded.
if (words[0] === '--version' || words[0] === '-V') print(version())
else
  void import('./cli.js').then(({ fail, main }) => {
    // Not exitCode: a terminal or a signal handler must not keep Node running once the work is done. What was printed was printed
    // synchronously. No top-level await: the bundle is CommonJS.
    const end = (status: number): void => process.exit(status)
    process.on('uncaughtException', (error) => void fail(error).then(end))
    void main(words).then(end)
  })
