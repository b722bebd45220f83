/** The ledger and the look-up by receipt: for Admins. */
import { parameter } from '../http/request.ts'
import { admin, json, type Route } from '../http/route.ts'
import { filterOf, ledgerFile, listLedger } from './ledger.ts'
import { findPurchases } from './receipts.ts'

export const ledgerRoutes: Route[] = [
  admin('GET', '/api/ledger', async (context, { member, url }) =>
    json(await listLedger(context, member, filterOf(url), parameter(url, 'cursor'))),
  ),
  admin('GET', '/api/ledger.csv', (context, { member, url }) => ledgerFile(context, member, filterOf(url))),
  admin('GET', '/api/purchases', async (context, { member, url }) =>
    json(await findPurchases(context, member, parameter(url, 'id') ?? '')),
  ),
]
