import { Headroom } from '@headroom/sdk'

const headroom = new Headroom({ baseUrl: process.env['HEADROOM_URL']!, apiKey: process.env['HEADROOM_API_KEY']! })
await headroom.workspaces.create({ id: 'globex', name: 'Globex', plan: 'starter', contacts: 1_000 })

/** Stands for your work: how many of each hundred rows count. */
async function* countedPerBatch() {
  yield* [71, 64, 80]
}

const importId = 'import_4711'
const settled = await headroom.withReservation(
  'globex',
  { id: importId, lines: [{ meter: 'leads', quantity: 1_430 }], partial: true },
  async ({ lines }, { commitPart, signal }) => {
    console.log('set aside', lines[0]!.reserved, 'of', lines[0]!.requested) //> set aside 1000 of 1430
    let part = 0
    for await (const quantity of countedPerBatch()) {
      signal.throwIfAborted() // the reservation is lost: what follows is no longer covered
      await commitPart([{ meter: 'leads', quantity }], { idempotencyKey: `${importId}_${++part}` })
    }
  },
)
const { used, returned } = settled.lines[0]!
console.log(settled.state, used, 'used,', returned, 'returned') //> committed 215 used, 785 returned
