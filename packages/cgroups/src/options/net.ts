import { wholeNumber } from '../internal/check.js'

/** Class of all packets for tc(8) and nft(8): a number, or `'major:minor'` in hexadecimal as tc writes it. v1 only: net_cls.classid. */
export type NetClass = number | string

/** Priority of packets by network interface of the host: `{ eth0: 5 }`. v1 only: net_prio.ifpriomap. */
export type NetPriorities = Readonly<Record<string, number>>

/** Check a class: `'10:1'` is 0x00100001. @throws TypeError or RangeError with the value. */
export function validateNetClass(classid: NetClass): number {
  if (typeof classid === 'number') return wholeNumber('net class', classid, 0, 0xffff_ffff)
  const [, major, minor] = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(classid) ?? []
  if (major === undefined || minor === undefined)
    throw new RangeError(`Cannot set net class: "${classid}" is no class; wanted one such as "10:1"`)
  return Number.parseInt(major, 16) * 0x1_0000 + Number.parseInt(minor, 16)
}

/** Check priorities. @throws TypeError or RangeError with the value. */
export function validateNetPriorities(priorities: NetPriorities): NetPriorities {
  for (const [name, priority] of Object.entries(priorities)) {
    if (!/^[^\s/\0]{1,15}$/.test(name)) throw new RangeError(`Cannot set net priority: "${name}" is no interface name`)
    wholeNumber(`net priority of ${name}`, priority, 0, 0xffff_ffff)
  }
  return priorities
}
