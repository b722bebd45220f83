import { Client } from 'pg'
import { expect, test } from 'vitest'
import { testDatabase } from '../src/test-database.ts'

test('the application role may connect and nothing more until the owner grants it', async () => {
  const database = await testDatabase()
  await using(database.ownerUrl, async (owner) => {
    await owner.query('create table entries (id int primary key)')
    await owner.query('grant select, insert on entries to headroom')
  })
  await using(database.url, async (app) => {
    await app.query('insert into entries values (1)')
    await expect(app.query('delete from entries')).rejects.toThrow(/permission denied/)
    await expect(app.query('create table mine (id int)')).rejects.toThrow(/permission denied/)
    await expect(app.query('create temporary table mine (id int)')).rejects.toThrow(/permission denied/)
    await expect(app.query('create schema mine')).rejects.toThrow(/permission denied/)
  })
  await database.drop()
  await expect(using(database.url, async () => {})).rejects.toThrow(/does not exist/)
})

test('a test database can be a copy of another, privileges included', async () => {
  const template = await testDatabase()
  await using(template.ownerUrl, async (owner) => {
    await owner.query('create table entries as select 7 as id')
    await owner.query('grant select on entries to headroom')
  })
  const copy = await testDatabase({ template: template.name })
  await using(copy.url, async (app) => {
    expect((await app.query('select id from entries')).rows).toEqual([{ id: 7 }])
  })
  await copy.drop()
  await template.drop()
})

async function using(url: string, errand: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await errand(client)
  } finally {
    await client.end()
  }
}
