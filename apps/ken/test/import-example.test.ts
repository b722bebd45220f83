import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offlineVerifier } from '../src/imports/verifier.ts'
import { house, sum, type House } from './harness.ts'
import { type Visitor } from './visitor.ts'

const example = readFileSync(new URL('../../../examples/contacts.csv', import.meta.url), 'utf8')

let here: House
let editor: Visitor

beforeAll(async () => {
  here = await house({ verifier: offlineVerifier() })
  editor = await here.signIn('editor')
})
afterAll(() => here.stop())

test('A59 A75 the example file counts its 696 leads on Starter 1,000, and the rest of the reservation returns', async () => {
  const upload = await editor.upload('cmp_demo', example)
  expect(upload).toMatchObject({ rows: 2_000, fileName: 'people.csv' })
  expect(upload.rejected.total).toBe(upload.rows - upload.usable)
  expect(upload.rejected.first).toHaveLength(20)
  const plan = await editor.plan(upload.id)
  expect(plan).toMatchObject({ available: 1_000, reserve: 1_000, boundBy: 'available' })
  const started = await editor.start(upload.id)
  expect(started).toMatchObject({ reserved: 1_000, rowsTotal: 2_000 })
  const done = await editor.ended(started.id)
  expect(done).toMatchObject({ state: 'completed', counted: 696, returned: 304, rowsRead: 2_000, notice: null })
  expect(done.counted + sum(done.notCounted)).toBe(2_000)
  expect(await here.leads()).toMatchObject({ used: 696, reserved: 0, available: 304 })
  const [line] = (await here.headroom.reservation('ws_demo', started.id)).lines
  expect(line).toMatchObject({ reserved: 1_000, used: 696, returned: 304 })
  expect(here.errors).toEqual([])
})
