// The arrows of docs/architecture.md: they point down only. A package may import packages of lower layers, by name, and
// never a file inside another package.

/** Packages, highest layer first. A package may import what stands in a later row, never its own row or an earlier one. */
const LAYERS = [
  ['packages/cli'],
  ['packages/engine'],
  ['packages/build', 'packages/image', 'packages/scan'],
  ['packages/runtime', 'packages/vm'],
  [
    'packages/ns',
    'packages/cgroups',
    'packages/overlay',
    'packages/caps',
    'packages/userns',
    'packages/seccomp',
    'packages/net',
  ],
  ['native'],
  // Tests only; it knows nothing of the rest.
  ['packages/testing'],
]

// The layer table names one arrow inside a row: the builder makes images.
const WITHIN_A_LAYER = [
  ['packages/build', 'packages/image'],
  ['packages/scan', 'packages/image'],
  ['packages/vm', 'packages/runtime'],
]

const upward = LAYERS.flatMap((row, index) =>
  row.map((folder) => {
    const allowed = WITHIN_A_LAYER.filter(([from]) => from === folder).map(([, to]) => to)
    const same = row.filter((other) => other !== folder && !allowed.includes(other))
    return {
      name: `layers-of-${folder.replace('packages/', '')}`,
      comment: 'Dependencies point down only: docs/architecture.md, "The packages"',
      severity: 'error',
      from: { path: `^${folder}/` },
      to: { path: [...LAYERS.slice(0, index).flat(), ...same].map((other) => `^${other}/`) },
    }
  })
)

module.exports = {
  forbidden: [
    ...upward.filter(({ to }) => to.path.length > 0),
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-internals-of-others',
      comment: 'Import another package by its name; what it does not export is not for you',
      severity: 'error',
      from: { path: '^(native|packages/[^/]+)/' },
      to: { path: '^(native|packages/[^/]+)/', pathNot: ['^$1/', '^(native|packages/[^/]+)/dist/[^/]+\\.d\\.ts$'] },
    },
    {
      name: 'testing-in-tests-only',
      severity: 'error',
      from: { path: '^(native|packages/[^/]+)/', pathNot: ['\\.test\\.ts$', '^packages/testing/', '/src/test/'] },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'internal-not-exported',
      comment: 'src/internal/ is not part of the interface',
      severity: 'error',
      from: { path: '/src/index\\.ts$' },
      to: { path: '/src/internal/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'listed-in-package-json',
      severity: 'error',
      from: { path: '^(native|packages/[^/]+)/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/.*\\.js$', '/build/', '/node_modules/@types/', '^packages/[^/]+/(scripts|bench)/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
}
