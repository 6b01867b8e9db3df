// The picture: every step of a start on one line of time, in the order it ends, in the colour of its side.

const COLOURS = { parent: '#b5651d', stage: '#7a5195', child: '#2f6f9f', after: '#5f8f4e' }
const WIDTH = 1000
const LINE = 15
const LEFT = 250
const TOP = 46

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** @param {{ steps: { side: string, op: string, detail: string, us: number }[], javascript: object }} timeline @returns {string} */
export function svg({ steps, javascript }) {
  // In the order of time: parent before the clone, child, after. What is quicker than this is drawn, its name left out.
  const total = steps.reduce((sum, { us }) => sum + us, 0)
  const named = 8
  const scale = (WIDTH - LEFT - 20) / total
  let at = 0
  let line = 0
  const shown = []
  let group = { count: 0, us: 0, start: 0, side: '' }
  const flush = () => {
    if (group.count > 0) shown.push({ ...group, label: `${group.count} quick step${group.count > 1 ? 's' : ''}` })
    group = { count: 0, us: 0, start: at, side: '' }
  }
  for (const step of steps) {
    if (step.us < named && (group.count === 0 || group.side === step.side)) {
      if (group.count === 0) group = { count: 0, us: 0, start: at, side: step.side }
      group.count++
      group.us += step.us
    } else {
      flush()
      shown.push({ ...step, start: at, label: `${step.op} ${short(step)}` })
    }
    at += step.us
  }
  flush()
  const bars = shown.map(({ side, label, us, start }) => {
    const y = TOP + LINE * line++
    const x = LEFT + start * scale
    return `<text x="${LEFT - 8}" y="${y + 11}" text-anchor="end">${escape(label)}</text>
<rect x="${x.toFixed(1)}" y="${y + 2}" width="${Math.max(1, us * scale).toFixed(1)}" height="${LINE - 4}" fill="${COLOURS[side] ?? '#777'}"/>
<text x="${(x + us * scale + 4).toFixed(1)}" y="${y + 11}" fill="#666">${us.toFixed(0)}</text>`
  })
  const height = TOP + LINE * line + 20
  const legend = Object.entries(COLOURS)
    .filter(([side]) => steps.some((step) => step.side === side))
    .map(
      ([side, colour], i) =>
        `<rect x="${LEFT + i * 90}" y="24" width="11" height="11" fill="${colour}"/><text x="${LEFT + 16 + i * 90}" y="34">${side}</text>`
    )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="10">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${LEFT}" y="14" font-size="12">Steps of a full container, median us of each (${total.toFixed(0)} us in iso-init; ${javascript.exitUs.toFixed(0)} us from JavaScript to the known exit)</text>
${legend.join('\n')}
${bars.join('\n')}
</svg>
`
}

function short({ detail }) {
  const told = /(?:path|name|fstype|label|namespaces)=("[^"]*"|\[[^\]]*\])/.exec(detail)?.[1] ?? ''
  const plain = told.replaceAll('"', '')
  return plain.length > 30 ? `…${plain.slice(-29)}` : plain
}
