// config.json as a JSON schema, written from the text of the runtime specification 1.3. `node scripts/generate-schema.mjs` compiles it.
import { boolean, definitions, idMappings, list, map, object, string, strings } from './kinds.mjs'
import { linux } from './linux.mjs'
import { hooks, process } from './process.mjs'
import { resources } from './resources.mjs'

const mount = object(
  {
    destination: string,
    type: string,
    source: string,
    options: strings,
    uidMappings: idMappings,
    gidMappings: idMappings,
  },
  'destination'
)

export const schemas = {
  config: object(
    {
      ociVersion: string,
      root: object({ path: string, readonly: boolean }, 'path'),
      mounts: list(mount),
      process: { $ref: '#/process' },
      hostname: string,
      domainname: string,
      hooks,
      annotations: map(string),
      linux,
    },
    'ociVersion'
  ),
  process,
  resources,
  ...definitions,
}
