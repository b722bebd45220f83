import { expect, test } from 'vitest'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { readJson, readText, webhookLimit } from '../src/body.ts'
import { Refused } from '../src/problem.ts'

const json = { 'content-type': 'application/json' }

/** As a connection hands it over. */
function request(body: string | Uint8Array | Readable | null, headers: Record<string, string> = json): IncomingMessage {
  const stream = body instanceof Readable ? body : new Readable({ read() {} })
  if (!(body instanceof Readable)) {
    if (body !== null && body.length > 0) stream.push(body)
    stream.push(null)
  }
  return Object.assign(stream, { headers }) as unknown as IncomingMessage
}

async function refusalOf(asked: IncomingMessage, limit = 1024): Promise<string> {
  try {
    await readJson(asked, limit, false)
  } catch (fault) {
    if (fault instanceof Refused) return `${fault.more.status ?? ''} ${fault.code}`.trim()
    throw fault
  }
  return 'taken'
}

test('R26 invalid UTF-8 is malformed', async () => {
  for (const bytes of [
    [0xc0, 0xaf],
    [0xff, 0xfe],
    [0x22, 0xed, 0xa0, 0x80, 0x22],
  ]) {
    expect(await refusalOf(request(new Uint8Array(bytes)))).toBe('400 invalid_request')
  }
})

test('R31 the limit is a limit, with and without a declared length', async () => {
  const text = (length: number) => JSON.stringify('x'.repeat(length - 2))
  expect(await refusalOf(request(text(1024)))).toBe('taken')
  expect(await refusalOf(request(text(1025)))).toBe('too_large')
  expect(await refusalOf(request(text(1025), { ...json, 'content-length': '1025' }))).toBe('too_large')
  expect(await refusalOf(request('{}', { ...json, 'content-length': '2000000000' }))).toBe('too_large')
})

test('R31 an endless body is left where the limit is', async () => {
  let pulled = 0
  const endless = new Readable({
    highWaterMark: 0,
    read() {
      pulled += 1
      this.push(new Uint8Array(512))
    },
  })
  expect(await refusalOf(request(endless))).toBe('too_large')
  expect(pulled).toBeLessThan(10)
})

test('a body that breaks off is no body', async () => {
  for (const how of ['before', 'within'] as const) {
    const broken = new Readable({ read() {} })
    broken.push('{"a":')
    if (how === 'before') broken.destroy()
    else setImmediate(() => broken.destroy())
    expect(await refusalOf(request(broken)), how).toBe('400 invalid_request')
  }
})

test('R35 a compressed body is not taken', async () => {
  expect(await refusalOf(request('{}', { ...json, 'content-encoding': 'gzip' }))).toBe('unsupported_media_type')
})

test('R36 only JSON in UTF-8 is taken', async () => {
  for (const type of [
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/jsonp',
  ]) {
    expect(await refusalOf(request('{}', { 'content-type': type })), type).toBe('unsupported_media_type')
  }
  for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"']) {
    expect(await refusalOf(request('{}', { 'content-type': type })), type).toBe('taken')
  }
})

test('R37 an empty body is malformed where one is needed', async () => {
  expect(await refusalOf(request(''))).toBe('400 invalid_request')
  expect(await readJson(request(null, {}), 1024, true)).toEqual({})
})

test('R78 a body that is signed comes through to the byte, up to 1 MB, never unpacked', async () => {
  const text = '\ufeff{ "a":1,\n"ä": "\\u00e4" }  '
  expect(await readText(request(text, {}), webhookLimit)).toBe(text)
  const refused = (asked: IncomingMessage) =>
    readText(asked, webhookLimit).then(
      () => 'taken',
      (fault: unknown) => (fault instanceof Refused ? fault.code : String(fault)),
    )
  expect(await refused(request('x'.repeat(webhookLimit), {}))).toBe('taken')
  expect(await refused(request('x'.repeat(webhookLimit + 1), {}))).toBe('too_large')
  expect(await refused(request('{}', { 'content-encoding': 'gzip' }))).toBe('unsupported_media_type')
  expect(await refused(request(Buffer.from([0x22, 0xff, 0x22]), {}))).toBe('invalid_request')
})
