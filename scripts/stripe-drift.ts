/**
 * npm run drift [-- --repair]
 * Names every subscription and purchase that is not here as it is at Stripe. Exits 1 when there are any, repaired or not.
 */
import { startEngine } from '@headroom/engine'
import { ConfigError } from '@headroom/server'
import { findDrift } from '@headroom/stripe'
import { readCatalog } from '../start/catalog.ts'
import { openDatabase } from './books-file/database.ts'
import { command, stripeSettings } from './stripe-settings.ts'

await command(async () => {
  const flags = process.argv.slice(2)
  if (flags.some((flag) => flag !== '--repair')) throw new ConfigError('Usage: npm run drift [-- --repair]')
  const { config, secretKey, apiBase } = stripeSettings()
  const catalog = await readCatalog(config.catalog)
  const { databaseUrl, ownerUrl, stop } = await openDatabase(config)
  try {
    const { testClock } = config
    const engine = await startEngine({ databaseUrl, ownerUrl, catalog, testClock, sweeper: false, sealer: false })
    try {
      // The differences are the answer; what they mean is said once.
      const options = { engine, secretKey, apiBase, log: () => {} }
      let found = 0
      for await (const line of findDrift(options, { repair: flags.includes('--repair') })) {
        console.log(line)
        found += 1
      }
      if (found === 0) console.log('Everything is here as it is at Stripe.')
      return found === 0 ? 0 : 1
    } finally {
      await engine.stop()
    }
  } finally {
    await stop()
  }
})
