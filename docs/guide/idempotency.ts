import { Headroom, Mismatch, type UseRequest } from '@headroom/sdk'

const headroom = new Headroom({ baseUrl: process.env['HEADROOM_URL']!, apiKey: process.env['HEADROOM_API_KEY']! })
await headroom.workspaces.create({ id: 'umbrella', name: 'Umbrella', plan: 'starter' })

// An id is a key: the second call answers the same reservation, as it stands now.
const request = { id: 'import_1', lines: [{ meter: 'leads', quantity: 400 }] }
await headroom.reserve('umbrella', request)
await headroom.reserve('umbrella', request)

// `use` has no id, so a mail that was handed over is counted under its own: once, however often it is told.
const sent: UseRequest = { lines: [{ meter: 'email_sends', quantity: 1 }], mode: 'record', reference: 'mail_88' }
await headroom.use('umbrella', sent, { idempotencyKey: 'mail_88' })
await headroom.use('umbrella', sent, { idempotencyKey: 'mail_88' })

const { meters } = await headroom.usage('umbrella')
for (const { meter, used, reserved } of meters.slice(0, 2)) console.log(meter, used, 'used', reserved, 'reserved')
//> email_sends 1 used 0 reserved
//> leads 0 used 400 reserved

const other = headroom.reserve('umbrella', { ...request, lines: [{ meter: 'leads', quantity: 401 }] })
await other.catch((error: unknown) => console.log(error instanceof Mismatch && error.of)) //> reservation
