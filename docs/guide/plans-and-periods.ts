import { Headroom } from '@headroom/sdk'

const headroom = new Headroom({ baseUrl: process.env['HEADROOM_URL']!, apiKey: process.env['HEADROOM_API_KEY']! })
await headroom.testClock.set('2031-01-31T09:00:00Z')
await headroom.workspaces.create({ id: 'stark', name: 'Stark', plan: 'starter', contacts: 1_000 })

const leads = async () => {
  const { plan, period, meters } = await headroom.usage('stark')
  console.log(plan.id, period.start.slice(0, 10), meters.find(({ meter }) => meter === 'leads')!.limit)
}
await leads() //> starter 2031-01-31 1000

await headroom.workspaces.setPlan('stark', { plan: 'growth', contacts: 5_000 })
await leads() //> growth 2031-01-31 5000

await headroom.workspaces.setPlan('stark', { plan: 'starter', contacts: 1_000, when: 'periodEnd' })
await leads() //> growth 2031-01-31 5000

await headroom.testClock.advance('P1M')
await leads() //> starter 2031-02-28 1000
await headroom.testClock.advance('P1M')
await leads() //> starter 2031-02-28 1000
await headroom.testClock.advance('P3D')
await leads() //> starter 2031-03-31 1000
