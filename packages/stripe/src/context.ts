/** What every part of this room works with. */
import type { EngineInterface } from '@headroom/engine'
import type Stripe from 'stripe'
import type { Alarms } from './alarms.ts'
import type { MoneyOptions } from './interface.ts'
import type { Prices } from './prices.ts'
import type { Sign } from './signed-quote.ts'

export interface Context {
  stripe: Stripe
  engine: EngineInterface
  prices: Prices
  alarms: Alarms
  log: MoneyOptions['log']
  publicUrl: string
  /** The key's mode: what comes in the other one is not ours. */
  live: boolean
  /** Signs what only we may have written. */
  sign: Sign
}
