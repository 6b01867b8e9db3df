import { checksOf, type Check } from '../check.js'

const { bad } = checksOf('machine')

/** What makes every `iso` slower than it need be. */
export function checkSpeed(environment: Readonly<Record<string, string | undefined>> = process.env): Check[] {
  const certificates = environment['NODE_EXTRA_CA_CERTS']
  if (certificates === undefined || certificates === '') return []
  return [
    bad(
      'note',
      'node-extra-ca-certs',
      `NODE_EXTRA_CA_CERTS=${certificates}`,
      'Node reads it at every start, some 40 ms',
      'env -u NODE_EXTRA_CA_CERTS iso …'
    ),
  ]
}
