/** What a lane keeps in mind: how much, for how long, and by which clock. */
import { performance } from 'node:perf_hooks'
import { noChanges, type BalanceRow, type Operation, type ReservationRow, type WorkspaceBooks } from '@headroom/core'
import { describe, expect, test } from 'vitest'
import { RunningClock, StandingClock } from '../src/lane-clock.ts'
import { WarmBooks } from '../src/warm-books.ts'

describe('the clock a lane has heard', () => {
  test('is never behind what the database can have shown, takes what came back fastest, and can be told to forget', async () => {
    const clock = new RunningClock()
    expect(clock.now()).toBeNull()
    // Asked a second ago, so it may have been read a second ago, or just now.
    clock.heard(1_000_000, performance.now() - 1_000)
    expect(clock.now()!).toBeGreaterThan(1_001_000)
    clock.heard(1_000_000, performance.now() - 1)
    const now = clock.now()!
    expect(now).toBeGreaterThan(1_000_001)
    expect(now).toBeLessThan(1_000_500)
    clock.heard(1_000_000, performance.now() - 1_000)
    expect(clock.now()!).toBeLessThan(1_000_500)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(clock.now()!).toBeGreaterThanOrEqual(now + 10)
    clock.forget()
    expect(clock.now()).toBeNull()
    clock.heard(5_000, performance.now())
    expect(clock.now()!).toBeLessThan(900_000)
  })

  test('stands still in tests, once it was heard to', () => {
    const clock = new StandingClock()
    clock.heard(7)
    expect(clock.now()).toBeNull()
    clock.heard(7)
    expect(clock.now()).toBe(7)
    clock.heard(8)
    expect(clock.now()).toBeNull()
  })
})

describe('memory', () => {
  const held = (workspace: string, id: string) => ({ workspace, id, state: 'held', periodStart: 0 }) as ReservationRow
  const booksOf = (workspace: string, version = 1): WorkspaceBooks => ({
    workspace: {
      workspace,
      seq: 1,
      version,
      at: 0,
      wakeAt: 1000,
      periodStart: 0,
      periodEnd: 1000,
      openFrom: 0,
    },
    subscription: undefined,
    balances: [] as BalanceRow[],
    reservations: new Map(),
    due: undefined,
    grants: new Map(),
    periodGrants: undefined,
    answers: new Map(),
  })
  const operation = (workspace: string, id: string) => ({ op: 'commit', workspace, id, key: null }) as Operation

  /** One batch: reads the workspace unless it is known, and makes reservations in it. */
  function make(warm: WarmBooks, workspace: string, ids: string[]): void {
    const operations = ids.map((id) => ({ op: 'reserve', workspace, id, key: null }) as Operation)
    const cold = warm.cold(operations, 0)
    if (cold.size > 0) warm.adopt(new Map([[workspace, booksOf(workspace)]]))
    const { workspaces } = warm.books(operations, cold)
    const created = ids.map((id) => held(workspace, id))
    const changes = { ...noChanges(), reservations: { created, changed: [] } }
    warm.keep(workspaces, changes)
    warm.tidy(workspaces, operations, changes)
  }

  test('is bounded, in workspaces and in reservations; what was used longest ago goes first', () => {
    const warm = new WarmBooks()
    for (let index = 0; index < 12_000; index++) {
      make(warm, `ws_${index}`, [`r_${index}`])
      if (index % 100 === 0) make(warm, 'ws_0', [`again_${index}`])
    }
    expect(warm.size.workspaces).toBe(10_000)
    expect(warm.cold([operation('ws_0', 'again_0')], 0).size).toBe(0)
    expect(warm.cold([operation('ws_1', 'r_1')], 0).size).toBe(1)
    for (let index = 0; index < 100; index++)
      make(
        warm,
        `ws_many_${index}`,
        Array.from({ length: 1000 }, (_, id) => `r_${id}`),
      )
    expect(warm.size.reservations).toBeLessThanOrEqual(50_000)
    expect(warm.cold([operation('ws_many_99', 'r_5')], 0).size).toBe(0)
  })

  test('of a workspace read anew at another version nothing older is kept', () => {
    const warm = new WarmBooks()
    make(warm, 'ws', ['r_1'])
    warm.adopt(new Map([['ws', booksOf('ws', 1)]]))
    expect(warm.cold([operation('ws', 'r_1')], 0).size).toBe(0)
    warm.adopt(new Map([['ws', booksOf('ws', 2)]]))
    expect(warm.cold([operation('ws', 'r_1')], 0).size).toBe(1)
  })

  test('of a closed reservation nothing is kept, and a count never goes wrong', () => {
    const warm = new WarmBooks()
    make(warm, 'ws', ['r_1', 'r_2'])
    const operations = [operation('ws', 'r_1')]
    const { workspaces } = warm.books(operations, new Set())
    const changed = [{ ...held('ws', 'r_1'), state: 'committed' as const }]
    const changes = { ...noChanges(), reservations: { created: [], changed } }
    warm.keep(workspaces, changes)
    warm.tidy(workspaces, operations, changes)
    expect(warm.size).toEqual({ workspaces: 1, reservations: 1 })
    expect(warm.cold([operation('ws', 'r_1')], 0).size).toBe(1)
    warm.forget(['ws', 'unknown'])
    expect(warm.size).toEqual({ workspaces: 0, reservations: 0 })
  })

  test('what failed by somebody else’s work is read for a while, its innocent neighbours are not', () => {
    const warm = new WarmBooks()
    for (const workspace of ['ws', 'neighbour']) make(warm, workspace, ['r_1'])
    warm.forget(['ws', 'neighbour'])
    warm.doubt([
      ['ws', 1],
      ['neighbour', 1],
    ])
    warm.adopt(
      new Map([
        ['ws', booksOf('ws', 2)],
        ['neighbour', booksOf('neighbour', 1)],
      ]),
    )
    const use = (workspace: string) => ({ op: 'use', workspace, key: null }) as Operation
    expect(warm.cold([use('ws'), use('neighbour')], 0)).toEqual(new Set(['ws']))
  })
})
