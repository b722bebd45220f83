import { Headroom, InsufficientCredits } from '@headroom/sdk'

const headroom = new Headroom({ baseUrl: process.env['HEADROOM_URL']!, apiKey: process.env['HEADROOM_API_KEY']! })
await headroom.workspaces.create({ id: 'acme', name: 'Acme', plan: 'starter', contacts: 1_000 })

try {
  await headroom.reserve('acme', { id: 'import_1', lines: [{ meter: 'leads', quantity: 400 }] })
  // … the work: of 400 leads set aside, 312 count …
  const { state, lines } = await headroom.commit('acme', 'import_1', { lines: [{ meter: 'leads', quantity: 312 }] })
  console.log(state, lines[0]!.used, 'used', lines[0]!.returned, 'returned') //> committed 312 used 88 returned
  await headroom.reserve('acme', { id: 'import_2', lines: [{ meter: 'leads', quantity: 1_430 }] })
} catch (error) {
  if (!(error instanceof InsufficientCredits)) throw error
  console.log(error.message, error.actions[0]?.label) //> 688 leads left, 1430 asked for. Upgrade plan
}
