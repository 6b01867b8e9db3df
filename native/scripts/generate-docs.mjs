// docs/operations.md: the operation table for people.
export function markdown(operations) {
  const rows = Object.entries(operations).map(([name, op]) => {
    const fields = Object.entries(op.fields)
      .map(([key, f]) => `\`${key}${f.optional ? '?' : ''}\``)
      .join(' ')
    return `| \`${name}\` | ${op.doc} | ${op.man} | ${op.sides.join(', ')} | ${fields} |`
  })
  return `# Operations

Generated from \`native/plan/operations.mjs\`; do not edit. A step is one of these operations with its fields filled in; a field with \`?\` is optional.

| operation | what the kernel does | see | sides | fields |
|---|---|---|---|---|
${rows.join('\n')}
`
}
