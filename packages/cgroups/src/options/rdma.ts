import { knownKeys, wholeNumber } from '../internal/check.js'

/** Limits of the `rdma` controller by device: `{ mlx5_0: { hcaHandles: 2, hcaObjects: 2000 } }`. */
export type RdmaLimits = Readonly<Record<string, { hcaHandles?: number | 'max'; hcaObjects?: number | 'max' }>>

/** Check RDMA limits. @throws TypeError or RangeError with the value. */
export function validateRdma(options: RdmaLimits): RdmaLimits {
  for (const [device, limits] of Object.entries(options)) {
    if (!/^[\w.-]+$/.test(device)) throw new RangeError(`Cannot set rdma limit: "${device}" is no device name`)
    knownKeys('rdma limits', limits, ['hcaHandles', 'hcaObjects'])
    for (const [key, value] of Object.entries(limits))
      if (value !== 'max') wholeNumber(`rdma ${key}`, value, 0, 2 ** 31 - 1)
  }
  return options
}

/** The value of rdma.max for one device. v1 and v2 use the same text. */
export function rdmaLine(device: string, limits: RdmaLimits[string]): string {
  const handles = limits.hcaHandles === undefined ? '' : ` hca_handle=${limits.hcaHandles}`
  const objects = limits.hcaObjects === undefined ? '' : ` hca_object=${limits.hcaObjects}`
  return `${device}${handles}${objects}`
}
