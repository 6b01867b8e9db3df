import { expect } from 'chai'

import { IsoError } from '@iso/native'

import { digestOf } from '../reference/digest.js'
import { chainIds, parseConfig } from './config.js'
import { isIndex, parseDocument, type ImageIndex } from './documents.js'
import { MEDIA } from './media-types.js'
import { formatPlatform, parsePlatform, selectPlatform } from './platform.js'

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const blob = (mediaType: string, extra: object = {}): object => ({
  mediaType,
  digest: digestOf(mediaType),
  size: 5,
  ...extra,
})
const manifest = {
  schemaVersion: 2,
  mediaType: MEDIA.ociManifest,
  config: blob(MEDIA.ociConfig),
  layers: [blob(MEDIA.ociLayer)],
}

function refused(call: () => unknown, message: string): void {
  expect(call).to.throw(IsoError, message).that.includes({ code: 'ISO_IMAGE_MALFORMED' })
}

describe('parseDocument', () => {
  it('parseDocument() takes manifests and indexes of OCI and Docker, with artifacts, subjects and annotations', () => {
    expect(parseDocument(json(manifest))).to.deep.equal(manifest)
    const artifact = {
      ...manifest,
      artifactType: 'application/x',
      config: blob(MEDIA.empty),
      subject: blob(MEDIA.ociManifest),
      annotations: { a: 'b' },
    }
    expect(parseDocument(json(artifact))).to.deep.equal(artifact)
    const list = {
      schemaVersion: 2,
      mediaType: MEDIA.dockerList,
      manifests: [blob(MEDIA.dockerManifest, { platform: { os: 'linux', architecture: 'arm', variant: 'v7' } })],
    }
    const parsed = parseDocument(json(list), MEDIA.dockerList)
    expect(isIndex(parsed)).to.equal(true)
    expect(parsed).to.deep.equal(list)
  })

  it('parseDocument() refuses what could be two things, or is none', () => {
    refused(() => parseDocument(json({ ...manifest, manifests: [] })), 'both layers and manifests')
    refused(() => parseDocument(json(manifest), MEDIA.dockerManifest), 'came as')
    refused(() => parseDocument(json({ ...manifest, mediaType: MEDIA.ociIndex })), 'not that of a manifest')
    refused(() => parseDocument(json({ ...manifest, schemaVersion: 1 })), 'schema 1')
    refused(() => parseDocument(json({ ...manifest, schemaVersion: '2' })), 'schemaVersion')
    refused(() => parseDocument(json([])), 'no JSON object')
    refused(() => parseDocument(Buffer.from('{')), 'no JSON')
    refused(() => parseDocument(Buffer.from([0x7b, 0xff, 0x7d])), 'no JSON')
    refused(() => parseDocument(Buffer.alloc((4 << 20) + 1)), 'more than')
    refused(() => parseDocument(json({ ...manifest, layers: {} })), 'no list')
    for (const wrong of [
      { size: -1 },
      { size: 1.5 },
      { size: '5' },
      { digest: 'sha256:../../etc' },
      { digest: 5 },
      { mediaType: '' },
      { annotations: { a: 1 } },
      { urls: 'x' },
    ])
      refused(() => parseDocument(json({ ...manifest, layers: [blob(MEDIA.ociLayer, wrong)] })), 'layers[0]')
  })
})

describe('parseConfig', () => {
  const config = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [digestOf('x')] } }

  it('parseConfig() takes what Docker writes, nulls included', () => {
    const parsed = parseConfig(
      json({
        ...config,
        config: { Env: ['A=b'], Cmd: null, Entrypoint: ['x'], Volumes: { '/data': {} } },
        history: [{ created_by: 'x', empty_layer: true }],
      })
    )
    expect(parsed.config).to.deep.equal({ Env: ['A=b'], Entrypoint: ['x'], Volumes: { '/data': {} } })
    expect(parsed.history).to.deep.equal([{ created_by: 'x', empty_layer: true }])
  })

  it('parseConfig() refuses fields of other types, and hostile values', () => {
    for (const wrong of [
      { Env: 'A=b' },
      { Env: ['=x'] },
      { Env: ['A=\0'] },
      { Cmd: [1] },
      { User: 5 },
      { Labels: { a: 1 } },
      { Volumes: ['/x'] },
      { Volumes: { '/../etc': {} } },
      { ExposedPorts: { x: {} } },
      { WorkingDir: 'a\0' },
    ])
      refused(() => parseConfig(json({ ...config, config: wrong })), 'config.')
    refused(() => parseConfig(json({ ...config, rootfs: { type: 'layers', diff_ids: ['x'] } })), 'diff_ids')
    refused(() => parseConfig(json({ ...config, rootfs: {} })), 'rootfs')
    refused(() => parseConfig(json({ os: 'linux' })), 'architecture')
  })

  it('chainIds() are those of the specification', () => {
    const [a, b] = [digestOf('a'), digestOf('b')]
    expect(chainIds([a, b], digestOf)).to.deep.equal([a, digestOf(`${a} ${b}`)])
  })
})

describe('selectPlatform', () => {
  const index = (...platforms: string[]): ImageIndex => ({
    schemaVersion: 2,
    mediaType: MEDIA.ociIndex,
    manifests: platforms.map((text) => {
      const [os = '', architecture = '', variant] = text.split('/')
      return {
        mediaType: MEDIA.ociManifest,
        digest: digestOf(text),
        size: 1,
        platform: { os, architecture, ...(variant ? { variant } : {}) },
      }
    }),
  })
  const chosen = (list: ImageIndex, wanted: string): string => {
    const { platform } = selectPlatform(list, parsePlatform(wanted))
    return platform === undefined ? '' : formatPlatform(platform)
  }

  it('selectPlatform() takes the exact variant, else the best older one', () => {
    const arm = index(
      'linux/arm/v5',
      'linux/arm/v7',
      'linux/arm/v6',
      'linux/arm64/v8',
      'linux/amd64',
      'unknown/unknown'
    )
    expect(chosen(arm, 'linux/arm/v7')).to.equal('linux/arm/v7')
    expect(chosen(arm, 'linux/arm/v6')).to.equal('linux/arm/v6')
    expect(chosen(index('linux/arm/v5', 'linux/arm/v6'), 'arm')).to.equal('linux/arm/v6')
    expect(chosen(arm, 'aarch64')).to.equal('linux/arm64/v8')
    expect(chosen(arm, 'linux/arm64')).to.equal('linux/arm64/v8')
    expect(chosen(arm, 'x86_64')).to.equal('linux/amd64')
    expect(chosen(index('linux/amd64/v3', 'linux/amd64'), 'amd64')).to.equal('linux/amd64')
  })

  it('selectPlatform() says which there are', () => {
    expect(() => chosen(index('linux/s390x', 'windows/amd64'), 'linux/amd64')).to.throw(
      IsoError,
      'linux/s390x, windows/amd64'
    )
    expect(() => parsePlatform('a/b/c/d')).to.throw(IsoError, 'wanted os/architecture')
  })
})
