import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { contest } from './contest.ts'
import type { Contender } from './contender.ts'
import { statements } from './database.ts'
import { measure } from './load.ts'
import { typical } from './typical.ts'

// Each test breaks a contender that keeps its books, and sees that the checks say so.

const briefly = { name: 'brief', workspaces: 3, callers: 2, seconds: 0.05 }

let database: TestDatabase
/** As it is: the test run's PostgreSQL does not wait for the disk. */
let hasty: Contender
/** As if it did. */
let sound: Contender

beforeEach(async () => {
  database = await testDatabase()
  hasty = await typical(database.ownerUrl, 3, 20)
  sound = { ...hasty, totals: async () => ({ ...(await hasty.totals()), durable: true }) }
})
afterEach(async () => {
  await hasty.stop()
  await database.drop()
})

/** Spoils its tables after the run, before they are looked at. */
function spoiled(sql: string): Contender {
  let looks = 0
  return {
    ...sound,
    async totals() {
      if (looks++ === 1) await statements(database.ownerUrl, ['set search_path = typical', sql])
      return sound.totals()
    },
  }
}

test('one that keeps its books passes', async () => {
  await contest(sound, 20)
})

test('one that grants more than there is does not pass the contest', async () => {
  const generous: Contender = { ...sound, reserve: async (...asked) => (await sound.reserve(...asked)) || true }
  await expect(contest(generous, 20)).rejects.toThrow('typical granted 40 of 20 to 40 who asked at once')
})

test('one that does not know a repeat again does not pass', async () => {
  let number = 0
  const forgetful: Contender = {
    ...sound,
    reserve: (workspace, id) => sound.reserve(workspace, `${id}_${number++}`, 1),
  }
  await expect(contest(forgetful, 20)).rejects.toThrow('typical refused what it had granted')
})

test('one that books a repeat again does not pass', async () => {
  const twice: Contender = {
    ...sound,
    commit: async (workspace, id, quantity) => {
      if (await sound.commit(workspace, id, quantity)) await sound.reserve(1, `${id}_again`, 1)
      return true
    },
  }
  await expect(contest(twice, 20)).rejects.toThrow('reserved: acknowledged 0, stored 20')
})

test('an answer without anything stored is found', async () => {
  const liar: Contender = { ...sound, reserve: async () => true, commit: async () => true }
  await expect(measure(liar, { ...briefly, seconds: 0.001 }, 'run')).rejects.toThrow(
    /used: acknowledged \d+, stored 0; entries: acknowledged \d+, stored 0$/,
  )
})

test.each([
  [
    'a lost ledger entry',
    'delete from ledger where id = 1',
    /entries: acknowledged .*; 1 balances differ from their ledger/,
  ],
  ['an entry with another quantity', 'update ledger set quantity = 2 where id = 1', /books: 1 balances differ/],
  [
    'a lost balance',
    `delete from balances where workspace = (select workspace from ledger limit 1)`,
    /used: acknowledged/,
  ],
  ['a hold that was not ended', 'update balances set reserved = reserved + 1', /reserved: acknowledged 0, stored 3/],
  ['a balance above its limit', 'update balances set lim = -1', /books: 3 balances are above their limit$/],
])('%s is found', async (_, sql, message) => {
  await expect(measure(spoiled(sql), briefly, 'run')).rejects.toThrow(message)
})

test('commits that do not wait for the disk are found', async () => {
  await expect(measure(hasty, briefly, 'run')).rejects.toThrow('commits do not wait for the disk')
})
