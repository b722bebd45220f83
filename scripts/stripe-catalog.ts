/**
 * npm run catalog -- plan | apply | verify
 * Brings Stripe's products, prices and portal to the catalog file. plan says what would change; verify too, and exits 1 if anything.
 */
import { ConfigError } from '@headroom/server'
import { pushCatalog, type CatalogCommand } from '@headroom/stripe'
import { readCatalog } from '../start/catalog.ts'
import { command, stripeSettings } from './stripe-settings.ts'

const commands: readonly CatalogCommand[] = ['plan', 'apply', 'verify']

await command(async () => {
  const asked = commands.find((one) => one === process.argv[2])
  if (!asked || process.argv.length > 3) throw new ConfigError('Usage: npm run catalog -- plan | apply | verify')
  const { config, secretKey, apiBase } = stripeSettings()
  const lines = await pushCatalog(asked, { secretKey, apiBase, catalog: await readCatalog(config.catalog) })
  for (const line of lines) console.log(line)
  if (lines.length === 0) console.log('Stripe has the catalog as it is.')
  return asked === 'verify' && lines.length > 0 ? 1 : 0
})
