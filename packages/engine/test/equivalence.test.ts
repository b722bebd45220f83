/**
 * P8: the same histories through real PostgreSQL, in random batches at two engines in turn, and through `decide` on the in-memory
 * store. Every answer and every row must be the same: what core promises is what the database holds.
 */
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Answer, Operation } from '@headroom/core'
import { smallCatalog } from '../../core/test/catalog.ts'
import { Choices } from '../../core/test/choices.ts'
import { History } from '../../core/test/history.ts'
import { Model } from '../../core/test/model.ts'
import { run } from '../../core/test/run.ts'
import { Store } from '../../core/test/store.ts'
import { requestHash } from '../src/request-hash.ts'
import { balanceRow, grantColumns, grantRow, reservationColumns, reservationRow, subscriptionRow } from '../src/rows.ts'
import { entryColumns, entryRow } from '../src/reader.ts'
import { connectOwner } from '../src/connection.ts'
import { engines, type Bench } from './engines.ts'

let bench: Bench
let owner: pg.Client
beforeAll(async () => {
  bench = await engines(2, { catalog: smallCatalog, testClock: true })
  owner = await connectOwner(bench.database.ownerUrl)
})
afterAll(async () => {
  await owner.end()
  await bench.stop()
})

const setClock = (now: number) =>
  owner.query('insert into test_clock (id, now) values (1, $1) on conflict (id) do update set now = excluded.now', [
    new Date(now).toISOString(),
  ])

/** One connection, one question after the other. */
const rowsOf = async (sql: string, workspace: string) =>
  (await owner.query<unknown[]>({ text: sql, values: [workspace], rowMode: 'array' })).rows

async function databaseRows(workspace: string) {
  const workspaces = await rowsOf(
    `select w.workspace_id, w.seq, w.version, w.at, w.wake_at, w.period_start, w.period_end, w.open_from,
            s.name, s.plan, s.contacts, s."interval", s.catalog, s.status, s.anchor, s.grace_until, s.pending, s.created_at,
            s.request, s.reference, s.reading
       from workspaces w join subscriptions s using (workspace_id) where w.workspace_id = $1`,
    workspace,
  )
  const balances = await rowsOf(
    'select period_start, period_end, meter, "limit", used, reserved, overage from balances where workspace_id = $1',
    workspace,
  )
  const reservations = await rowsOf(
    `select ${reservationColumns} from reservations r where workspace_id = $1`,
    workspace,
  )
  const grants = await rowsOf(`select ${grantColumns} from grants g where workspace_id = $1`, workspace)
  const entries = await rowsOf(
    `select ${entryColumns} from ledger_entries e where workspace_id = $1 order by seq`,
    workspace,
  )
  return {
    workspaces: workspaces.map(([workspace, seq, version, at, wakeAt, periodStart, periodEnd, openFrom]) => ({
      workspace,
      seq,
      version,
      at,
      wakeAt,
      periodStart,
      periodEnd,
      openFrom,
    })),
    subscriptions: workspaces.map(subscriptionRow),
    balances: ordered(balances.map((row) => balanceRow(workspace, row, 0))),
    reservations: ordered(reservations.map(reservationRow)),
    grants: ordered(grants.map(grantRow)),
    entries: ordered(entries.map(entryRow)),
  }
}

function storeRows(store: Store, workspace: string) {
  return {
    workspaces: store.workspaces.of(workspace),
    subscriptions: store.subscriptions.of(workspace),
    balances: ordered(store.balances.of(workspace)),
    reservations: ordered(store.reservations.of(workspace)),
    grants: ordered(store.grants.of(workspace)),
    entries: ordered(store.entries.of(workspace)),
  }
}

const keyText = (row: object): string =>
  ['periodStart', 'meter', 'id', 'sourceType', 'sourceId', 'seq']
    .map((key) => String((row as Record<string, unknown>)[key]))
    .join(' ')
const ordered = <Row extends object>(rows: Row[]): Row[] => rows.toSorted((a, b) => (keyText(a) < keyText(b) ? -1 : 1))

const shown = ({ status, body, text, replayed }: Answer) => ({
  status,
  body: text === undefined ? body : JSON.parse(text),
  replayed: replayed ?? false,
})

test('P8 the same histories through two engines on PostgreSQL and in memory: same answers, same rows', async () => {
  let histories = 0
  let operations = 0
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 200, maxLength: 700, size: 'max' }), async (bytes) => {
      const workspace = `ws_p8_${histories++}`
      const choices = new Choices(bytes)
      const model = new Model(smallCatalog)
      const history = new History(choices, model)
      const store = new Store(smallCatalog)
      do {
        const now = history.nextInstant()
        const t = Math.max(now, store.workspaces.rows.get(workspace)?.at ?? now)
        if (model.found) model.settle(t)
        const batch: Operation[] = []
        for (
          let count = choices.weighted([
            [128, 1],
            [64, 2],
            [64, 5],
          ] as const);
          count > 0;
          count--
        ) {
          const operation = history.nextOperation()
          model.do(operation, t)
          const moved = { ...operation, workspace } as Operation
          batch.push({ ...moved, request: requestHash(moved) })
        }
        operations += batch.length
        await setClock(now)
        const engine = bench.engines[choices.below(2)]!
        const answers = await Promise.all(batch.map((operation) => engine.submit(operation)))
        const expected = run(store, batch, now).answers
        expect(answers.map(shown)).toEqual(expected.map(shown))
      } while (!choices.done)
      expect(await databaseRows(workspace)).toEqual(storeRows(store, workspace))
    }),
    {
      numRuns: Number(process.env['HEADROOM_P8_RUNS'] ?? 150),
      interruptAfterTimeLimit: 240_000,
      markInterruptAsFailure: false,
    },
  )
  expect(operations).toBeGreaterThan(3000)
  expect((await bench.engines[0]!.audit()).differences).toEqual([])
  console.log(`P8: ${histories} histories, ${operations} operations`)
}, 300_000)
