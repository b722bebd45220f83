/** What we depend on: exact versions, from any registry, happy with the oldest Node we support. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { acceptsNode } from './node-range.ts'
import { root } from './run.ts'
import { sourceFiles } from './source-files.ts'

interface Manifest {
  private?: boolean
  engines?: { node?: string }
  [kind: string]: unknown
}

interface LockedPackage {
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  engines?: { node?: string } | string[]
}

const read = async <T>(path: string) => JSON.parse(await readFile(new URL(path, root), 'utf8')) as T
const manifests = (await sourceFiles(root)).filter((path) => /(^|\/)package\.json$/.test(path))
const locked = Object.entries((await read<{ packages: Record<string, LockedPackage> }>('package-lock.json')).packages)
const foreign = locked.filter(([path, { link }]) => path.includes('node_modules/') && !link)

test('every version is exact: write 1.2.3, not ^1.2.3', async () => {
  const loose: string[] = []
  for (const path of manifests) {
    const manifest = await read<Manifest>(path)
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'])
      for (const [name, version] of Object.entries((manifest[kind] ?? {}) as Record<string, string>))
        if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) loose.push(`${path}: ${name} ${version}`)
  }
  expect(loose).toEqual([])
})

test('every package of ours says that it runs on Node 20.19', async () => {
  for (const path of manifests) expect((await read<Manifest>(path)).engines?.node, path).toBe('>=20.19.0')
})

test('every dependency runs on Node 20.19: npm ci --engine-strict passes; else pin the last version that does', () => {
  const refusing = foreign.flatMap(([path, { version, engines }]) => {
    const range = Array.isArray(engines) ? undefined : engines?.node
    return range === undefined || acceptsNode(range, [20, 19, 0]) ? [] : [`${path} ${version}: ${range}`]
  })
  expect(refusing).toEqual([])
  expect(foreign.length).toBeGreaterThan(100)
})

test('the lockfile names no host, so that any registry serves it, and checks every package by its hash', () => {
  const hosts = foreign.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)
  expect(hosts, 'keep omit-lockfile-registry-resolved=true in .npmrc').toEqual([])
  expect(foreign.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([])
})

test('ranges of Node are understood', () => {
  const range = '^20.19.0 || ^22.13.0 || >=23.5.0'
  expect(acceptsNode(range, [20, 19, 0])).toBe(true)
  expect(acceptsNode(range, [20, 18, 9])).toBe(false)
  expect(acceptsNode(range, [22, 12, 0])).toBe(false)
  expect(acceptsNode(range, [24, 0, 0])).toBe(true)
  expect(acceptsNode('>= 10.x', [20, 19, 0])).toBe(true)
  expect(acceptsNode('>=22.12.0 || >=20.19.0 <21.0.0', [21, 1, 0])).toBe(false)
  expect(acceptsNode('~20.18', [20, 19, 0])).toBe(false)
  expect(acceptsNode('18 || 20', [20, 19, 0])).toBe(true)
  expect(() => acceptsNode('20 - 22', [20, 19, 0])).toThrow('Not understood')
})
