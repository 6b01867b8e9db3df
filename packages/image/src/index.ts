/**
 * Container images.
 *
 * @packageDocumentation
 */
export { tarEntry, type SparseRegion, type TarEntry, type TarNames, type TarType } from './tar/entry.js'
export { packTar, type TarInput } from './tar/pack.js'
export { readTar, type TarFile } from './tar/read.js'
export { extractTar } from './extract/extract.js'
export type { ExtractLimits, ExtractOptions, ExtractReport, WhiteoutFormat } from './extract/options.js'
