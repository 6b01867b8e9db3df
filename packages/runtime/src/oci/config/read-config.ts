// config.json of a bundle: read once, checked for its shape and its meaning.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IsoError } from '@iso/native'
import type { Config } from '../spec/config.js'
import { parseExact } from './big-numbers.js'
import { asConfig } from './check-schema.js'
import { checkMeaning } from './check-meaning.js'

/** What a bundle says. */
export interface Bundle {
  /** Absolute path of the directory. */
  path: string
  config: Config
}

/** @throws ConfigError with the JSON path; IsoError `ISO_BUNDLE` where the file is missing or no JSON. */
export function readBundle(path: string): Bundle {
  const config = asConfig(readJson(join(path, 'config.json')))
  checkMeaning(config)
  return { path, config }
}

/** A JSON file of a caller. @throws IsoError `ISO_BUNDLE`. */
export function readJson(file: string | number): unknown {
  const named = typeof file === 'number' ? 'standard input' : JSON.stringify(file)
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new IsoError('ISO_BUNDLE', `Cannot read ${named}`, {
      errno: Math.abs((cause as NodeJS.ErrnoException).errno ?? 0),
      ...(typeof file === 'string' && { path: file }),
      cause,
    })
  }
  try {
    return parseExact(text)
  } catch (cause) {
    throw new IsoError('ISO_BUNDLE', `Cannot parse ${named}: ${(cause as Error).message}`, { cause })
  }
}
