import { Headroom } from '@headroom/sdk'

const headroom = new Headroom({ baseUrl: process.env['HEADROOM_URL']!, apiKey: process.env['HEADROOM_API_KEY']! })
await headroom.workspaces.create({ id: 'wayne', name: 'Wayne', plan: 'free', anchor: '2030-06-15T00:00:00Z' })
await headroom.grant('wayne', { meter: 'leads', quantity: 10, reason: 'Goodwill, ticket 4711' })
const reserved = await headroom.reserve('wayne', { id: 'import_1', lines: [{ meter: 'leads', quantity: 40 }] })
await headroom.commit('wayne', 'import_1', { lines: [{ meter: 'leads', quantity: 31 }] })

const { sentences } = await headroom.explain('wayne', 'leads')
console.log(sentences.at(-1)!.text) //> 29 leads left: 60 limit − 31 used − 0 reserved.

for await (const { kind, quantity, after } of headroom.ledgerEntries('wayne', { meter: 'leads' })) {
  console.log(kind, quantity, `→ limit ${after.limit} used ${after.used} reserved ${after.reserved}`)
}
//> release 9 → limit 60 used 31 reserved 0
//> commit 31 → limit 60 used 31 reserved 9
//> reserve 40 → limit 60 used 0 reserved 40
//> grant 10 → limit 60 used 0 reserved 0
//> grant 50 → limit 50 used 0 reserved 0

const then = await headroom.balances('wayne', { at: reserved.createdAt })
console.log(then.balances.find(({ meter }) => meter === 'leads')!.reserved) //> 40
