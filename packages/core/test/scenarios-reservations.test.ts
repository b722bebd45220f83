/** Reservations, told as tables (see table.ts): setting aside, counting, giving back, running out of time. */
import { expect, test } from 'vitest'
import ken from '../../../catalogs/ken.ts'
import type { Operation } from '../src/operations.ts'
import { smallCatalog } from './catalog.ts'
import { hashed, workspace } from './requests.ts'
import { run } from './run.ts'
import { Store } from './store.ts'
import { play } from './table.ts'

const story = (title: string, table: string, catalog = ken) => test(title, () => play(catalog, table))

story(
  'A71 A72 A77 three figures per meter, and what is left is limit − used − reserved, also while an import runs',
  `
  Nov 2 10:00   create starter 1000                201               leads: limit 1000, 0 used, 0 reserved, 1000 left
        10:01   record leads 100                   200               leads: limit 1000, 100 used, 0 reserved, 900 left
        10:02   reserve imp_1 leads 600            201 held          leads: limit 1000, 100 used, 600 reserved, 300 left
        10:03   part imp_1 leads 50                200 held          leads: limit 1000, 150 used, 550 reserved, 300 left
  `,
)

story(
  'A73 A75 A76 A78 the difference returns: an import reserves 600, counts 450, and 150 are available again',
  `
  Nov 2 10:00   create starter 1000                201
        10:00   reserve imp_1 leads 600            201 held, in time, until Nov 2 10:15        leads: 0 used, 600 reserved, 400 left
        10:05   commit imp_1 leads 450             200 committed, leads used 450, leads returned 150   leads: 450 used, 0 reserved, 550 left
        10:06   ledger leads                       grant 1000, reserve 600, commit 450, release 150
  `,
)

story(
  'A75 an import settles in parts, and the last one ends it',
  `
  Nov 2 10:00   create starter 1000                201
        10:00   reserve imp_1 leads 600            201 held
        10:01   part imp_1 leads 200               200 held, leads used 200            leads: 200 used, 400 reserved, 400 left
        10:02   part imp_1 leads 0                 200 held, leads used 200            leads: 200 used, 400 reserved, 400 left
        10:03   part imp_1 leads 400               200 held, leads used 600            leads: 600 used, 0 reserved, 400 left
        10:04   commit imp_1 nothing               200 committed, leads returned 0     leads: 600 used, 0 reserved, 400 left
        10:05   ledger leads                       grant 1000, reserve 600, commit 200, commit 400
  `,
)

story(
  'A74 A144 two imports on a balance that fits one: the second is refused, or takes what is left, never more',
  `
  Nov 2 10:00   create starter 1000                201
        10:00   reserve imp_1 leads 700            201 held                                       leads: 0 used, 700 reserved, 300 left
        10:00   reserve imp_2 leads 700            402 limit_reached, 300 leads left              leads: 0 used, 700 reserved, 300 left
        10:00   reserve imp_2 leads 700 partial    201 held, 300 of 700 leads                     leads: 0 used, 1000 reserved, 0 left
        10:00   reserve imp_3 leads 1 partial      402 limit_reached, 0 leads left                leads: 0 used, 1000 reserved, 0 left
  `,
)

test('A74 A144 twenty ask at once for 75 of 500: six win', () => {
  const store = new Store(ken)
  const asked = { workspace, request: '', key: null, requestId: 'req', actor: 'key_1', viewer: 'admin' } as const
  const now = Date.UTC(2026, 10, 2, 10)
  const create: Operation = {
    ...asked,
    op: 'create-workspace',
    name: 'Acme',
    plan: 'free',
    contacts: null,
    interval: 'month',
    anchor: null,
  }
  const room: Operation = {
    ...asked,
    op: 'grant',
    source: { type: 'operator', id: 'g' },
    lines: [{ meter: 'leads', quantity: 450 }],
    reason: null,
  }
  run(store, [hashed(create), hashed(room)], now)
  const imports = Array.from({ length: 20 }, (_, index): Operation => {
    const lines = [{ meter: 'leads', quantity: 75 }]
    return hashed({
      ...asked,
      op: 'reserve',
      id: `imp_${index}`,
      lines,
      partial: false,
      ttlSeconds: 900,
      reference: null,
      metadata: null,
    })
  })
  const { answers } = run(store, imports, now)
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(6)
  expect(answers.filter((answer) => answer.status === 402)).toHaveLength(14)
  expect(store.balances.rows.get(`${workspace} ${now} leads`)).toMatchObject({ limit: 500, used: 0, reserved: 450 })
})

story(
  'several meters are set aside together, or none of them',
  `
  Nov 2 10:00   create starter 1000                                201
        10:00   reserve imp_1 leads 500 + email_sends 2000         201 held             leads: 500 reserved, 500 left     email_sends: 2000 reserved, 2000 left
        10:01   reserve imp_2 leads 400 + email_sends 2001         402 limit_reached, 500 leads left, 2000 email_sends left     leads: 500 reserved, 500 left     email_sends: 2000 reserved, 2000 left
        10:02   commit imp_1 leads 300                             200 committed, email_sends used 0, email_sends returned 2000     leads: 300 used, 0 reserved     email_sends: 0 used, 0 reserved
  `,
)

story(
  'partial takes what is left of each meter, but at least one of the first',
  `
  Nov 2 10:00   create starter 1000                                        201
        10:00   record email_sends 4000                                    200
        10:01   reserve imp_1 leads 1500 + email_sends 6000 partial        201 held, 1000 of 1500 leads, 0 of 6000 email_sends      leads: 1000 reserved, 0 left
        10:02   reserve imp_2 leads 10 + ai_campaigns 1 partial            402 limit_reached                                        ai_campaigns: 0 reserved
        10:03   reserve imp_2 ai_campaigns 1 + leads 10 partial            201 held, 1 of 1 ai_campaigns, 0 of 10 leads             ai_campaigns: 1 reserved, 2 left
  `,
)

story(
  'A147 settling again charges nothing again',
  `
  Nov 2 10:00   create starter 1000                201
        10:00   reserve imp_1 leads 600            201 held
        10:05   commit imp_1 leads 450             200 committed                         leads: 450 used, 0 reserved
        10:06   commit imp_1 leads 450             200 committed, leads used 450         leads: 450 used, 0 reserved
        10:07   commit imp_1 leads 451             409 committed                         leads: 450 used, 0 reserved
        10:08   commit imp_1 leads 9999            409 committed                         leads: 450 used, 0 reserved
        10:09   release imp_1                      409 committed
        10:10   extend imp_1 15m                   409 committed
        10:11   part imp_1 leads 1                 409 committed
        10:12   ledger leads                       grant 1000, reserve 600, commit 450, release 150
  `,
)

story(
  'A147 a part is counted once when it carries a key',
  `
  Nov 2 10:00   create starter 1000                201
        10:00   reserve imp_1 leads 600            201 held
        10:01   key imp_1_1: part imp_1 leads 100  200 held                     leads: 100 used, 500 reserved
        10:02   key imp_1_1: part imp_1 leads 100  200 held, replayed           leads: 100 used, 500 reserved
        10:03   key imp_1_1: part imp_1 leads 101  422 idempotency_mismatch     leads: 100 used, 500 reserved
        10:04   part imp_1 leads 100               200 held                     leads: 200 used, 400 reserved
  `,
)

story(
  'the id of a reservation is its key: repeated, it is shown as it stands now; with other content it is refused',
  `
  Nov 2 10:00   create starter 1000                                    201
        10:00   reserve imp_1 leads 600 + email_sends 10               201 held
        10:01   reserve imp_1 email_sends 10 + leads 600               200 held                           leads: 600 reserved
        10:01   reserve imp_1 leads 601 + email_sends 10               422 reservation_mismatch           leads: 600 reserved
        10:01   reserve imp_1 leads 600 + email_sends 10 for 16m       422 reservation_mismatch           leads: 600 reserved
        10:02   commit imp_1 leads 1                                   200 committed
        10:03   reserve imp_1 leads 600 + email_sends 10               200 committed, leads used 1        leads: 1 used, 0 reserved
  `,
)

story(
  'a refusal makes no reservation: the id stays free',
  `
  Nov 2 10:00   create free                        201
        10:00   reserve imp_1 leads 60             402 limit_reached
        10:00   commit imp_1 leads 1               404 not_found
        10:01   give gift leads 100                201
        10:02   reserve imp_1 leads 60             201 held           leads: 60 reserved, 90 left
  `,
)

story(
  'A152 a failed import returns everything but the leads that really counted',
  `
  Nov 2 10:00   create starter 1000                201
        10:00   reserve imp_1 leads 600            201 held
        10:01   part imp_1 leads 120               200 held
        10:02   release imp_1                      200 released, leads used 120, leads returned 480     leads: 120 used, 0 reserved, 880 left
        10:03   release imp_1                      200 released                                        leads: 120 used, 0 reserved, 880 left
        10:04   commit imp_1 leads 1               409 released
        10:05   ledger leads                       grant 1000, reserve 600, commit 120, release 480
  `,
)

story(
  'more than is held is refused, and so is a meter that is not held',
  `
  Nov 2 10:00   create starter 1000                      201
        10:00   reserve imp_1 leads 600                  201 held
        10:01   part imp_1 leads 500                     200 held
        10:02   part imp_1 leads 101                     422 exceeds_reservation      leads: 500 used, 100 reserved
        10:02   commit imp_1 leads 1 + email_sends 1     422 exceeds_reservation      leads: 500 used, 100 reserved
        10:03   commit imp_1 leads 100                   200 committed                leads: 600 used, 0 reserved
  `,
)

story(
  'a meter that records overruns books the excess, as overage where the limit is passed, and never out of what others hold',
  `
  Nov 2 10:00   create starter 10                  201              tokens: limit 8, 8 left
        10:00   reserve a tokens 3                 201 held
        10:00   reserve b tokens 3                 201 held         tokens: 0 used, 6 reserved, 2 left
        10:01   commit a tokens 4                  200 committed    tokens: 4 used, 3 reserved, 1 left, 0 over
        10:02   reserve c tokens 1                 201 held         tokens: 4 used, 4 reserved, 0 left, 0 over
        10:03   commit c tokens 5                  200 committed    tokens: 9 used, 3 reserved, 0 left, 4 over
        10:04   commit b tokens 3                  200 committed    tokens: 12 used, 0 reserved, 0 left, 4 over
        10:05   ledger tokens                      grant 8, reserve 3, reserve 3, commit 3, use 1, reserve 1, commit 1, use 4, commit 3
  `,
  smallCatalog,
)

story(
  'a reservation lasts while t < expiresAt, swept or not',
  `
  Nov 2 10:00             create starter 1000            201
        10:00             reserve imp_1 leads 600        201 held, until Nov 2 10:15
        10:14:59.999      look                           -                            leads: 0 used, 600 reserved, 400 left
        10:14:59.999      part imp_1 leads 10            200 held                     leads: 10 used, 590 reserved, 400 left
        10:15             look                           -                            leads: 10 used, 0 reserved, 990 left
        10:15             reserve imp_2 leads 990        201 held                     leads: 10 used, 990 reserved, 0 left
        10:15             release imp_1                  409 expired
        10:15             extend imp_1 15m               409 expired
        10:16             ledger leads                   grant 1000, reserve 600, commit 10, expire 590, reserve 990
  `,
)

story(
  'extend keeps a reservation longer, and never shorter',
  `
  Nov 2 10:00             create starter 1000            201
        10:00             reserve imp_1 leads 600        201 held, until Nov 2 10:15
        10:10             extend imp_1 15m               200 held, until Nov 2 10:25
        10:11             extend imp_1 1m                200 held, until Nov 2 10:25
        10:15             look                           -                            leads: 600 reserved
        10:24:59.999      extend imp_1 24h               200 held, until Nov 3 10:24:59.999
        10:26             commit imp_1 leads 600         200 committed                leads: 600 used, 0 reserved
  `,
)

story(
  'a late commit within a minute is decided anew: it fits',
  `
  Nov 2 10:00             create starter 1000            201
        10:00             reserve imp_1 leads 600        201 held
        10:05             part imp_1 leads 100           200 held
        10:15:59.999      part imp_1 leads 450           200 committed, late, leads used 550, leads returned 50     leads: 550 used, 0 reserved, 450 left
        10:17             part imp_1 leads 450           200 committed, late          leads: 550 used, 0 reserved
        10:17             ledger leads                   grant 1000, reserve 600, commit 100, expire 500, commit_late 450
  `,
)

story(
  'a late commit is refused when its units are gone, when more than was held is asked, and when the minute is over',
  `
  Nov 2 10:00             create starter 1000            201
        10:00             reserve imp_1 leads 600        201 held
        10:15             reserve imp_2 leads 700        201 held
        10:15:30          commit imp_1 leads 301         409 expired                  leads: 0 used, 700 reserved
        10:15:30          commit imp_1 leads 601         409 expired                  leads: 0 used, 700 reserved
        10:15:40          release imp_2                  200 released
        10:15:59.999      commit imp_1 leads 601         409 expired                  leads: 0 used, 0 reserved
        10:16             commit imp_1 leads 600         409 expired                  leads: 0 used, 0 reserved
  `,
)

story(
  'with several meters the shortest grace counts, and an overrun before the end does not spoil a late commit',
  `
  Nov 2 10:00             create starter 10                       201
        10:00             reserve a leads 2 + tokens 2            201 held
        10:00             reserve b leads 2 + ai_campaigns 1      201 held
        10:01             part a tokens 4                         200 held                   tokens: 4 used, 0 reserved, 4 left
        10:15             commit b leads 1                        409 expired
        10:15:29.999      commit a leads 1 + tokens 0             200 committed, late        leads: 1 used, 0 reserved     tokens: 4 used, 0 reserved
  `,
  smallCatalog,
)
