// linux.netDevices: interfaces of the host that move into the container.

import type { Step } from '@iso/native'
import { ConfigError } from '../config/config-error.js'
import type { Context } from './context.js'

const NAME = /^[^\s/\0:]{1,15}$/

/** @throws ConfigError for a name no interface can have. */
export function netDeviceSteps({ config }: Context): Step[] {
  return Object.entries(config.linux?.netDevices ?? {}).map(([name, { name: renamed }]): Step => {
    const place = `$.linux.netDevices[${JSON.stringify(name)}]`
    for (const one of [name, renamed ?? name])
      if (!NAME.test(one)) throw new ConfigError(place, `${JSON.stringify(one)} is no name of an interface`)
    return { op: 'moveInterface', name, ...(renamed !== undefined && { rename: renamed }) }
  })
}
