// Maps of sparse files: GNU's old one in and behind the header, and three forms in extended headers.

import { malformed } from '../internal/malformed.js'
import type { SparseRegion } from './entry.js'
import { number } from './header.js'
import { decodeNumber, type PaxRecord } from './pax.js'

/** Stretches that a map may have: one for each 4 KiB of a file of 4 GiB. */
const REGIONS_MAX = 1 << 20

/** Read map entries from a header (4, at 386) or an extension block (21, at 0). @returns whether an extension block follows. */
export function readGnuMap(block: Buffer, extension: boolean, regions: SparseRegion[]): boolean {
  const [start, count, flag] = extension ? [0, 21, 504] : [386, 4, 482]
  for (let index = 0; index < count; index++) {
    const at = start + index * 24
    if (block[at] === 0) break
    regions.push({
      offset: number(block, at, 12, 'sparse offset'),
      length: number(block, at + 12, 12, 'sparse length'),
    })
  }
  if (regions.length > REGIONS_MAX) throw malformed(`a sparse file has more than ${REGIONS_MAX} stretches`)
  return block[flag] === 1
}

/** What extended headers say about a sparse file. */
export interface PaxSparse {
  realSize: number
  name?: Buffer
  /** The map; absent in format 1.0, where it stands before the data. */
  regions?: SparseRegion[]
}

/** Find formats 0.0, 0.1 and 1.0 among records; undefined for a file that is not sparse. */
export function paxSparse(records: readonly PaxRecord[]): PaxSparse | undefined {
  const last = new Map<string, Buffer>()
  const numbers: number[] = []
  for (const { key, value } of records) {
    if (!key.startsWith('GNU.sparse.')) continue
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') numbers.push(decodeNumber(value, key))
    last.set(key.slice('GNU.sparse.'.length), value)
  }
  const size = last.get('realsize') ?? last.get('size')
  if (size === undefined) {
    if (last.size > 0) throw malformed('a sparse file has no real size')
    return undefined
  }
  const name = last.get('name')
  const result: PaxSparse = { realSize: decodeNumber(size, 'real size of a sparse file'), ...(name && { name }) }
  if (last.get('major')?.toString('latin1') === '1') {
    if (last.get('minor')?.toString('latin1') !== '0') throw malformed('a sparse file is of an unknown format')
    return result
  }
  const map = last.get('map')
  if (map !== undefined && map.length > 0)
    for (const part of map.toString('latin1').split(',')) numbers.push(decodeNumber(Buffer.from(part), 'sparse map'))
  result.regions = pairs(numbers)
  const count = last.get('numblocks')
  if (count !== undefined && decodeNumber(count, 'count of a sparse map') !== result.regions.length)
    throw malformed('a sparse map has another length than it says')
  return result
}

/**
 * Parse the map of format 1.0: decimal lines before the data.
 *
 * @returns undefined where more blocks are needed
 */
export function parseInlineMap(text: Buffer): { regions: SparseRegion[]; bytes: number } | undefined {
  const numbers: number[] = []
  let wanted = Infinity
  let at = 0
  while (numbers.length < wanted) {
    const end = text.indexOf(0x0a, at)
    if (end === -1) {
      if (text.length - at > 20) throw malformed('a sparse map holds no numbers')
      return undefined
    }
    const value = decodeNumber(text.subarray(at, end), 'sparse map')
    if (wanted === Infinity) {
      if (value > REGIONS_MAX) throw malformed(`a sparse file has more than ${REGIONS_MAX} stretches`)
      wanted = value * 2
    } else numbers.push(value)
    at = end + 1
  }
  return { regions: pairs(numbers), bytes: Math.ceil(at / 512) * 512 }
}

/** Check that stretches are in order, apart from each other, inside the file and as long together as the data. */
export function checkMap(regions: readonly SparseRegion[], realSize: number, dataBytes: number): void {
  let end = 0
  let sum = 0
  for (const { offset, length } of regions) {
    if (offset < end || offset + length > realSize)
      throw malformed('the stretches of a sparse file overlap or leave it')
    end = offset + length
    sum += length
  }
  if (sum !== dataBytes) throw malformed(`a sparse file has ${dataBytes} bytes of data and a map for ${sum}`)
}

function pairs(numbers: readonly number[]): SparseRegion[] {
  if (numbers.length % 2 !== 0) throw malformed('a sparse map ends in the middle')
  if (numbers.length / 2 > REGIONS_MAX) throw malformed(`a sparse file has more than ${REGIONS_MAX} stretches`)
  const regions: SparseRegion[] = []
  for (let at = 0; at < numbers.length; at += 2)
    regions.push({ offset: numbers[at] as number, length: numbers[at + 1] as number })
  return regions
}
