import { Headroom, InsufficientCredits } from '@headroom/sdk'

const headroom = new Headroom({ baseUrl: process.env['HEADROOM_URL']!, apiKey: process.env['HEADROOM_API_KEY']! })
await headroom.workspaces.create({ id: 'initech', name: 'Initech', plan: 'growth', contacts: 5_000 })

const lines = [{ meter: 'leads', quantity: 6_200 }]
const forAdmin = await headroom.as({ role: 'admin', viewerId: 'user_1' }).check('initech', lines)
console.log(forAdmin.allowed, forAdmin.reason, forAdmin.lines[0]!.maxAllowed) //> false limit_reached 5000
for (const action of forAdmin.actions) console.log(action.kind)
//> buy_credits
//> lower_quantity
//> wait_until

try {
  await headroom.as({ role: 'member', viewerId: 'user_2' }).reserve('initech', { id: 'import_1', lines })
} catch (error) {
  if (!(error instanceof InsufficientCredits)) throw error
  console.log(error.message, error.actions[0]!.label) //> 5000 leads left, 6200 asked for. Ask an Admin
}
