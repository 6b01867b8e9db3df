// `npm run prebuild`: compile for this processor and C library into native/prebuilds/, where the published package looks first.
// iso-init is static, so one serves every C library.
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT, run, tool } from './lib/command.mjs'
import { environment } from './setup/build-native.mjs'

const NATIVE = join(ROOT, 'native')
const folder = join(NATIVE, 'prebuilds', `linux-${process.arch}`)

const argv = [...tool('prebuildify/bin.js'), '--napi', '--strip', '--tag-libc', '--cwd', NATIVE]
const { code } = await run(argv, { env: environment(), cwd: NATIVE })
if (code === 0) {
  mkdirSync(folder, { recursive: true })
  copyFileSync(join(NATIVE, 'build/Release/iso-init'), join(folder, 'iso-init'))
}
process.exitCode = code
