/** Every route under /v1, in the order of the documentation. */
import type { Route } from '../route.ts'
import { batch } from './batch.ts'
import { catalog } from './catalog.ts'
import { clock } from './clock.ts'
import { events } from './events.ts'
import { grants } from './grants.ts'
import { keys } from './keys.ts'
import { ledger } from './ledger.ts'
import { purchases } from './purchases.ts'
import { reservations } from './reservations.ts'
import { tokens } from './tokens.ts'
import { usage } from './usage.ts'
import { use } from './use.ts'
import { workspaces } from './workspaces.ts'

export function routes(options: { testClock: boolean; money: boolean }): Route[] {
  return [
    ...workspaces,
    ...usage,
    ...events,
    ...reservations,
    ...use,
    ...batch,
    ...grants,
    ...ledger,
    ...catalog,
    ...(options.money ? purchases : []),
    ...tokens,
    ...keys,
    ...(options.testClock ? clock : []),
  ]
}
