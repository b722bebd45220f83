/**
 * npm run desk -- <receipt> [workspace]
 * For the support desk: which purchase a receipt number, payment intent, charge or Checkout Session is, whose, what it brought, and why
 * the meters it touches show what they show. With a workspace, a purchase's own id too. Exits 1 when there is nothing by that id.
 */
import { Headroom } from '@headroom/sdk'
import { ConfigError } from '@headroom/server'
import { deskReports } from './desk-report.ts'
import { command } from './stripe-settings.ts'

await command(async () => {
  const [id, workspace, ...more] = process.argv.slice(2)
  if (id === undefined || more.length > 0) throw new ConfigError('Usage: npm run desk -- <receipt> [workspace]')
  const { HEADROOM_URL: baseUrl = 'http://localhost:3000', HEADROOM_API_KEY: apiKey = '' } = process.env
  if (apiKey === '') throw new ConfigError('HEADROOM_API_KEY must be a full key that is bound to no workspace.')
  const reports = await deskReports(new Headroom({ baseUrl, apiKey }), id, workspace ?? null)
  if (reports.length === 0) console.error(`There is no purchase by ${id}.`)
  else console.log(reports.join('\n\n'))
  return reports.length === 0 ? 1 : 0
})
