/** The invariants of the house (ARCHITECTURE.md). Each failure names the place and says what to do instead. */
import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './run.ts'
import { sourceFiles } from './source-files.ts'

/** Which rooms each room may import. `start.ts` at the root composes them; tests may start whatever they test against. */
const rooms: Record<string, string[]> = {
  'packages/core': [],
  'packages/engine': ['core'],
  'packages/local-postgres': [],
  'packages/stripe': ['core', 'engine'],
  'packages/stripe-simulator': [],
  'packages/server': ['core', 'engine', 'stripe'],
  'packages/sdk': ['core'],
  'packages/react': ['sdk'],
  'apps/ken': ['sdk', 'react'],
}

/** Rooms that run in a browser or anywhere: nothing of Node. */
const anywhere = ['packages/core', 'packages/sdk', 'packages/react']

const longest = 300
/** Files that may be longer, and why. */
const mayBeLong: Record<string, string> = {
  'packages/server/test/resources.test.ts':
    'asks for every answer of the document; its last test counts them, in one process',
  'packages/server/test/bad-inputs.test.ts': 'one list of bad inputs, row by row as in the checklist it follows',
}

/** Folders that may say `any`, and why. */
const mayBeLoose: Record<string, string> = {
  'packages/server/test/': 'bodies of answers, which the test client has held to the OpenAPI document',
}

const files = await sourceFiles(root)
const text = new Map<string, string>()
for (const file of files)
  if (/\.(tsx?|css|sql|json|md|mjs|ya?ml)$/.test(file) && file !== 'package-lock.json')
    text.set(file, await readFile(new URL(file, root), 'utf8'))

const isCode = (file: string) => /\.tsx?$/.test(file)
const isTest = (file: string) => /\.test\.tsx?$|\/test\/|^e2e\//.test(file)
const code = files.filter(isCode).map((file) => ({ file, source: withoutComments(text.get(file)!) }))
const roomOf = (file: string) => /^(packages|apps)\/[^/]+/.exec(file)?.[0]
const inRoom = (file: string) => /^(?:packages|apps)\/[^/]+\/(?:src|web)\//.test(file) && !isTest(file)

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')
}

interface Import {
  file: string
  from: string
  typeOnly: boolean
}

const imports: Import[] = code.flatMap(({ file, source }) =>
  [
    ...source.matchAll(/^(import|export)\s+(type\s)?[^'";()]*?from\s*'([^']+)'|(?:^import\s+|\bimport\()'([^'\n]+)'/gm),
  ].map(([, , type, from, bare]) => ({ file, from: (from ?? bare)!, typeOnly: type !== undefined })),
)

/** Everything that matches in code, as "file: what". */
const found = (pattern: RegExp, where: (file: string) => boolean): string[] =>
  code.flatMap(({ file, source }) =>
    where(file)
      ? [...source.matchAll(pattern)].map(([match]) => `${file}: ${match.trim().replaceAll(/\s+/g, ' ')}`)
      : [],
  )

test('every room is known here: a new one says what it may import', () => {
  const there = new Set(files.filter((file) => /^(packages|apps)\/[^/]+\/package\.json$/.test(file)).map(roomOf))
  expect(there).toEqual(new Set(Object.keys(rooms)))
})

test('rooms import only the rooms beside them: what two need belongs to core, what one needs stays with it', async () => {
  const wrong: string[] = []
  for (const [room, may] of Object.entries(rooms)) {
    const manifest = JSON.parse(text.get(`${room}/package.json`)!) as { dependencies?: Record<string, string> }
    const ours = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@headroom/'))
    for (const name of ours) if (!may.includes(name.slice(10))) wrong.push(`${room}/package.json: ${name}`)
  }
  for (const { file, from } of imports.filter(({ file }) => inRoom(file))) {
    const other = /^@headroom\/([^/]+)/.exec(from)?.[1]
    if (other && !rooms[roomOf(file)!]!.includes(other)) wrong.push(`${file}: ${from}`)
    const target = from.startsWith('.') ? posix.join(posix.dirname(file), from) : file
    if (roomOf(target) !== roomOf(file)) wrong.push(`${file}: ${from} leaves its room; import the package by its name`)
  }
  expect(wrong).toEqual([])
})

test('the sdk takes only types from core: it runs in any JavaScript and brings no rules', () => {
  const values = imports.filter(
    ({ file, from }) => inRoom(file) && roomOf(file) === 'packages/sdk' && from === '@headroom/core',
  )
  expect(values.filter(({ typeOnly }) => !typeOnly).map(({ file }) => file)).toEqual([])
  expect(values.length).toBeGreaterThan(0)
})

test('what a room imports stands in its package.json', () => {
  const missing = imports
    .filter(({ file, from }) => inRoom(file) && !from.startsWith('.') && !from.startsWith('node:'))
    .filter(({ file, from }) => {
      const manifest = JSON.parse(text.get(`${roomOf(file)}/package.json`)!) as Record<string, Record<string, string>>
      const name = from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/')
      return !['dependencies', 'peerDependencies', 'optionalDependencies'].some((kind) => manifest[kind]?.[name])
    })
  expect(missing.map(({ file, from }) => `${file}: ${from}`)).toEqual([])
})

test('core, sdk and react need nothing of Node', () => {
  const node = imports.filter(
    ({ file, from }) => inRoom(file) && anywhere.includes(roomOf(file)!) && from.startsWith('node:'),
  )
  expect(node.map(({ file, from }) => `${file}: ${from}`)).toEqual([])
})

test('Stripe is known in its own room and in its simulator only', () => {
  const elsewhere = imports.filter(
    ({ file, from }) => from === 'stripe' && !/^packages\/stripe(-simulator)?\//.test(file),
  )
  expect(elsewhere.map(({ file }) => file)).toEqual([])
})

test('core reads no clock, environment, network or chance: the instant and the ids are handed in', () => {
  const world =
    /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\s*[.[]|\bTemporal\.Now\b|\bprocess\s*[.[]|\bimport\.meta\b|\bglobalThis\b|\bfetch\(|\bset(?:Timeout|Interval|Immediate)\(|\bMath\.random\b|\bcrypto\b|\brandomUUID\b/g
  expect(found(world, (file) => file.startsWith('packages/core/src/') && !isTest(file))).toEqual([])
})

test('the SQL of the books lives in engine (the benchmark has books of its own, the torture reads them past the product): ask for a verb of the engine instead', () => {
  const books =
    'workspaces|subscriptions|balances|reservations|grants|ledger_entries|seals|answers|catalogs|keys|tokens|test_clock'
  const sql = new RegExp(
    `\\b(?:select\\b[^;]{0,600}?\\bfrom|join|insert into|update|delete from|truncate|alter table|create table)\\s+"?(?:headroom"?\\."?)?(?:${books})\\b(?!\\s*[.:)])`,
    'g',
  )
  const elsewhere = (file: string) =>
    !file.startsWith('packages/engine/') && !isTest(file) && !/^(?:bench|scripts|torture)\//.test(file)
  expect(found(sql, elsewhere)).toEqual([])
  expect(found(sql, (file) => file.startsWith('packages/engine/src/')).length).toBeGreaterThan(5)
})

test('ledger entries are only ever added: book what corrects them', () => {
  const change = /\b(update|delete\s+from|truncate(\s+table)?)\s+(only\s+)?(headroom\.)?"?ledger_entries\b/gi
  const engine = [...text].filter(([file]) => file.startsWith('packages/engine/src/'))
  expect(engine.filter(([, source]) => change.test(source)).map(([file]) => file)).toEqual([])
})

test('what is available is never stored: it is limit − used − reserved, computed by core', () => {
  const migrations = [...text].filter(([file]) => /\/migrations\/.*\.sql$/.test(file))
  const stored = migrations.filter(([, source]) =>
    /^\s*"?(available|remaining)"?\s+(bigint|int|numeric)/im.test(source),
  )
  expect(stored.map(([file]) => file)).toEqual([])
  expect(migrations.length).toBeGreaterThan(0)
})

test(`no file is longer than ${longest} lines: look for the second thought inside and give it a file of its own`, () => {
  const long = [...text]
    .filter(([file, source]) => /\.(tsx?|css|sql)$/.test(file) && source.split('\n').length - 1 > longest)
    .map(([file]) => file)
  expect(long.filter((file) => !(file in mayBeLong))).toEqual([])
})

test('a file is named by the one thing it holds, in kebab-case; a React component in PascalCase', () => {
  const vague = /(^|[-./])(utils?|helpers?|common|managers?|misc|shared|v2)([-./]|$)/i
  const style = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)*\.(?:ts|tsx|css|sql)|[A-Z][A-Za-z0-9]*(?:\.test)?\.tsx)$/
  const named = files.filter((file) => /\.(tsx?|css|sql)$/.test(file))
  expect(files.filter((file) => vague.test(file))).toEqual([])
  expect(named.filter((file) => !style.test(posix.basename(file)))).toEqual([])
})

test('no any, and no silenced compiler: name the type, or unknown where it is not known', () => {
  const loose = found(/(?:[:<|]|\bas|=>)\s*any\b(?!\s*\()|\bany\[\]/g, () => true)
  expect(loose.filter((place) => !Object.keys(mayBeLoose).some((folder) => place.startsWith(folder)))).toEqual([])
  const silenced = code.filter(({ file }) =>
    /@ts-(ignore|nocheck|expect-error)/.test(text.get(file)!.replaceAll(/\/.*\/[a-z]*\.test/g, '')),
  )
  expect(silenced.map(({ file }) => file)).toEqual([])
})

test('every test runs: no .only, and .skip only under a line that says why', () => {
  expect(found(/\b(?:test|it|describe)(?:\.\w+)*\.only\b/g, isCode)).toEqual([])
  const silent = files.filter(isTest).flatMap((file) => {
    const lines = (text.get(file) ?? '').split('\n')
    return lines.flatMap((line, index) =>
      /^\s*(?:test|it|describe)\.(?:skip|todo)\(/.test(line) && !/^\s*\/\//.test(lines[index - 1] ?? '')
        ? [`${file}:${index + 1}`]
        : [],
    )
  })
  expect(silent).toEqual([])
})

test('no path of one machine stands in the repository: ask the environment or go from import.meta.url', () => {
  const machine = new RegExp(
    String.raw`(?:^|[\s'"\x60(=:])/(?:${['work', 'root', 'home', 'Users'].join('|')})/[\w.-]+/`,
  )
  const marked = [...text].filter(([, source]) => machine.test(source)).map(([file]) => file)
  expect(marked).toEqual([])
})
