import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Places } from '../src/places.ts'
import { targetOf } from '../src/target.ts'

const host = 'localhost:3000'

test('a target is what its URL says, ordinary or not', () => {
  const part = fc.constantFrom(
    'a',
    'v1',
    '.',
    '..',
    '%2e',
    '%41',
    'ä',
    '😀',
    ' ',
    '"',
    '<',
    '|',
    '~',
    '*',
    ':',
    '@',
    '=',
  )
  const target = fc
    .tuple(fc.array(fc.tuple(fc.constantFrom('/', '', '?', '#', '&'), part)), fc.constantFrom('/', '//'))
    .map(([parts, start]) => start + parts.flat().join(''))
  fc.assert(
    fc.property(
      target,
      fc.constantFrom(host, 'LOCALHOST', 'ken.example', '127.0.0.1:80', 'xn--bcher-kva.example'),
      (url, named) => {
        const { pathname, search } = new URL(`http://${named}${url}`)
        expect(targetOf(url, named)).toEqual({ path: pathname, query: search.slice(1) })
      },
    ),
    { numRuns: 2_000 },
  )
})

test('an absolute target counts without its host; what makes no URL is none', () => {
  expect(targetOf('http://elsewhere.example/v1/catalog?a=1#b', host)).toEqual({ path: '/v1/catalog', query: 'a=1' })
  for (const url of ['*', '', 'v1/catalog', 'ftp://x/y', '/v1\\catalog', 'http://', 'http://a\\b/c'])
    expect(targetOf(url, host), url).toBeNull()
  for (const named of ['a b', 'a/b', 'user@host', 'a, b', '[::1', 'host?'])
    expect(targetOf('/healthz', named), named).toBeNull()
  expect(targetOf('/healthz', '[::1]:3000')).toEqual({ path: '/healthz', query: '' })
})

test('a path is found by its segments, each to the letter', () => {
  const places = new Places<string>()
  for (const path of ['/a', '/a/{x}', '/a/{x}/b', '/a/{x}/b/{y}']) places.put(path, path)
  const found = (path: string) => {
    const place = places.find(path)
    return place && [place.thing, ...place.values]
  }
  expect(found('/a')).toEqual(['/a'])
  expect(found('/a/1')).toEqual(['/a/{x}', '1'])
  expect(found('/a/b/b')).toEqual(['/a/{x}/b', 'b'])
  expect(found('/a/1/b/2')).toEqual(['/a/{x}/b/{y}', '1', '2'])
  expect(found('/%61/%2F')).toEqual(['/a/{x}', '/'])
  expect(found('/a/%zz')).toEqual(['/a/{x}', '%zz'])
  for (const path of ['/', '/A', '/a/', '//a', '/a//b', '/a/1/b/', '/a/1/c', '/a/1/b/2/3', '/b'])
    expect(found(path), path).toBeNull()
})
