// Every package.json and tsconfig.json says the same things in the same way.
import { manifestOf, workspaces } from '../lib/workspaces.mjs'
import { read } from './files.mjs'

/** @returns {string[]} faults */
export function checkPackages() {
  const folders = workspaces()
  const manifests = new Map(folders.map((folder) => [folder, manifestOf(folder)]))
  const folderOf = new Map([...manifests].map(([folder, { name }]) => [name, folder]))
  const { version } = JSON.parse(read('lerna.json'))
  const root = JSON.parse(read('tsconfig.json')).references.map(({ path }) => path)
  const documented = JSON.parse(read('typedoc.json')).entryPoints
  const faults = []
  for (const [folder, manifest] of manifests) {
    const expect = (holds, text) => {
      if (!holds) faults.push(`${folder}/package.json: ${text}`)
    }
    const own = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@iso/'))
    expect(manifest.version === version, `version is ${manifest.version}; lerna.json says ${version}`)
    expect(manifest.license === 'Apache-2.0', 'license is not Apache-2.0')
    expect(manifest.type === 'module', 'type is not module')
    expect(manifest.engines?.node === '>=20.19', 'engines.node is not >=20.19')
    expect(manifest.sideEffects === false, 'sideEffects is not false')
    expect(manifest.description?.length > 0, 'description is missing')
    expect(Array.isArray(manifest.files), 'files is missing')
    expect(manifest.scripts?.build !== undefined, 'scripts.build is missing: lerna runs it')
    expect(manifest.private || manifest.publishConfig?.access === 'public', 'publishConfig.access is not public')
    for (const [path, target] of Object.entries(manifest.exports ?? {})) {
      expect(
        typeof target === 'string' || Object.keys(target)[0] === 'types',
        `exports["${path}"] does not begin with types`
      )
    }
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      expect(/^\d+\.\d+\.\d+$/.test(range), `${name} is not pinned: ${range}`)
    }
    const references = JSON.parse(read(`${folder}/tsconfig.json`)).references ?? []
    for (const name of own) {
      const found = references.some(({ path }) => path.endsWith(`/${folderOf.get(name)?.split('/').at(-1)}`))
      expect(found, `tsconfig.json beside it has no reference to ${name}`)
    }
    if (!root.includes(folder)) faults.push(`tsconfig.json: ${folder} is not referenced`)
    const library = !manifest.private && manifest.exports?.['.'] !== undefined
    if (library && !documented.includes(folder)) faults.push(`typedoc.json: ${folder} is not documented`)
  }
  return faults
}
