/** Periods, plans and grants, told as tables (see table.ts): resets, upgrades, downgrades, moved anchors, refunds. */
import { expect, test } from 'vitest'
import ken from '../../../catalogs/ken.ts'
import { monthlyCents, planOf } from '../src/catalog.ts'
import { smallCatalog } from './catalog.ts'
import { play } from './table.ts'

const story = (title: string, table: string, catalog = ken) => test(title, () => play(catalog, table))

story(
  'A83 A84 A85 A86 A125 at the start of a period usage is 0 again, and what was left is lost',
  `
  Nov 2 10:00             create starter 1000                                    201
        10:00             record leads 400 + email_sends 100 + ai_campaigns 1    200
        10:00             buy p_1 leads 1000 + email_sends 4000                  201            leads: limit 2000, 1600 left
  Dec 2 09:59:59.999      look                                                   -              leads: limit 2000, 400 used     email_sends: limit 8000, 100 used     ai_campaigns: 1 used, 2 left
  Dec 2 10:00             look                                                   -              leads: limit 1000, 0 used, 1000 left     email_sends: limit 4000, 0 used     ai_campaigns: limit 3, 0 used
  Dec 2 10:00             use leads 1                                            200            leads: limit 1000, 1 used
        10:00             ledger leads                                           grant 1000, use 400, grant 1000, lapse 1600, grant 1000, use 1
        10:00             look                                                   -              leads of Nov 2 10:00: limit 2000, 400 used
  `,
)

story(
  'A83 periods keep the day of their anchor: Jan 31, Feb 28, Mar 31',
  `
  Jan 31 10:00            create free                        201                  leads: limit 50
         10:00            use leads 50                       200                  leads: 0 left
  Feb 28 09:59:59.999     use leads 1                        402 limit_reached, wait until Feb 28 10:00
         10:00            use leads 50                       200                  leads: 50 used, 0 left
  Mar 28 10:00            use leads 1                        402 limit_reached, wait until Mar 31 10:00
  Mar 31 10:00            use leads 1                        200                  leads: 1 used
  `,
)

story(
  'A149 a reset while an import is in flight: it settles in its own period, and nothing is lost or doubled',
  `
  Nov 2 10:00             create starter 1000                201
  Dec 2 09:50             reserve imp_1 leads 600            201 held, period of Nov 2 10:00     leads: 600 reserved, 400 left
        10:00             look                               -                                   leads: 0 used, 0 reserved, 1000 left
        10:01             reserve imp_2 leads 1000           201 held, period of Dec 2 10:00     leads: 1000 reserved, 0 left
        10:02             extend imp_1 15m                   200 held, until Dec 2 10:17
        10:03             part imp_1 leads 450               200 held                            leads: 0 used, 1000 reserved     leads of Nov 2 10:00: 450 used, 150 reserved
        10:04             commit imp_1 leads 50              200 committed, leads returned 100   leads: 0 used, 1000 reserved     leads of Nov 2 10:00: 500 used, 0 reserved
        10:05             commit imp_2 leads 1000            200 committed                       leads: 1000 used, 0 left
  `,
)

story(
  'A149 an import in flight at the reset that nobody ends expires in its own period',
  `
  Nov 2 10:00             create starter 1000                201
  Dec 2 09:50             reserve imp_1 leads 600            201 held
        09:55             part imp_1 leads 100               200 held
        10:05             look                               -                          leads: 0 used, 0 reserved, 1000 left
        10:05:30          commit imp_1 leads 500             200 committed, late        leads: 0 used, 1000 left     leads of Nov 2 10:00: 600 used, 0 reserved
        10:06             ledger leads                       grant 1000, reserve 600, commit 100, lapse 400, grant 1000, expire 500, commit_late 500
  `,
)

story(
  'A84 missed months leave nothing behind: after three years there is one allowance, not thirty-six',
  `
  Nov 2 10:00             create starter 1000                201
  Nov 5 2029 10:00        reserve imp_1 leads 1001           402 limit_reached, 1000 leads left, wait until Dec 2 10:00
  Nov 5 2029 10:00        use leads 1000                     200                    leads: limit 1000, 1000 used
        10:00             ledger leads                       grant 1000, lapse 1000, grant 1000, use 1000
  `,
)

story(
  'A88 A128 A151 a yearly plan releases its allowance every month, not as a lump',
  `
  Nov 2 10:00             create starter 1000 yearly         201                    leads: limit 1000
        10:00             use leads 1000                     200                    leads: 0 left
  Dec 2 10:00             use leads 1000                     200                    leads: limit 1000, 0 left
  Jan 2 2027 10:00        use leads 1000                     200                    leads: limit 1000, 0 left
  Oct 2 2027 10:00        use leads 1001                     402 limit_reached, wait until Nov 2 10:00
  Nov 2 2027 10:00        use leads 1000                     200                    leads: limit 1000, 0 left
  `,
)

test('A87 A128 a year costs a fifth less: the monthly price minus 20 %', () => {
  const growth = planOf(ken, 'growth')!
  expect(monthlyCents(ken, growth, 5_000, 'month')).toBe(39_900)
  expect(monthlyCents(ken, growth, 5_000, 'year')).toBe(31_920)
})

story(
  'A55 A150 an upgrade raises the limits at once, and keeps what is used and reserved',
  `
  Nov 2 10:00   create starter 1000                201
        10:00   use leads 400                      200
        10:00   reserve imp_1 leads 500            201 held               leads: limit 1000, 400 used, 500 reserved, 100 left
        10:01   plan growth 5000                   200 growth             leads: limit 5000, 400 used, 500 reserved, 4100 left     email_sends: limit 20000     ai_campaigns: limit 25
        10:02   commit imp_1 leads 450             200 committed          leads: limit 5000, 850 used, 0 reserved
        10:03   ledger leads                       grant 1000, use 400, reserve 500, adjust 4000, commit 450, release 50
  Dec 2 10:00   look                               -                      leads: limit 5000, 0 used
  `,
)

story(
  'A56 A58 A150 a downgrade keeps the old limit until the period ends',
  `
  Nov 2 10:00             create growth 5000                               201
        10:00             plan starter 1000 at the period's end            200 growth                leads: limit 5000
  Nov 9 10:00             reserve imp_1 leads 4000 for 24h                 201 held
  Nov 9 10:01             commit imp_1 leads 4000                          200 committed             leads: 4000 used, 1000 left
  Dec 2 09:59:59.999      look                                             -                         leads: limit 5000
  Dec 2 10:00             reserve imp_2 leads 1001                         402 limit_reached, 1000 leads left, "Upgrade plan"
        10:00             look                                             -                         leads: limit 1000, 0 used     email_sends: limit 4000
  `,
)

story(
  'A57 A58 a cancelled plan runs to the end of what is paid, then the workspace is Free with the same anchor',
  `
  Jan 31 10:00            create starter 1000 yearly                       201
         10:00            plan free at the period's end                    200 starter               leads: limit 1000
  Feb 28 10:00            look                                             -                         leads: limit 1000
  Jan 31 2027 09:59       look                                             -                         leads: limit 1000
  Jan 31 2027 10:00       use leads 51                                     402 limit_reached, 50 leads left
  Feb 28 2027 10:00       use leads 50                                     200                       leads: limit 50
  `,
)

story(
  'a pending change is called off by the plan of now, and by asking for the running plan again',
  `
  Nov 2 10:00   create growth 5000                               201
        10:00   plan starter 1000 at the period's end            200 growth
        10:01   plan growth 5000 at the period's end             200 growth
  Dec 2 10:00   look                                             -                  leads: limit 5000
        10:01   plan starter 1000 at the period's end            200 growth
        10:02   plan growth 10000                                200 growth         leads: limit 10000
  Jan 2 2027 10:00   look                                        -                  leads: limit 10000
  `,
)

story(
  'up and down and up again gains nothing',
  `
  Nov 2 10:00   create starter 1000                201
        10:00   buy p_1 leads 1000                 201                    leads: limit 2000
        10:01   plan growth 5000                   200 growth             leads: limit 6000
        10:02   plan starter 2000                  200 starter            leads: limit 6000
        10:03   plan growth 5000                   200 growth             leads: limit 6000
        10:04   plan free                          200 free               leads: limit 6000
  Dec 2 10:00   look                               -                      leads: limit 50
  `,
)

story(
  'an upgrade to unlimited, and back at the next period',
  `
  Nov 2 10:00   create growth 5000                 201
        10:00   record email_sends 20100           200                    email_sends: 100 over
        10:01   plan dfy 10000                     200 dfy                email_sends: unlimited, 20100 used, 0 over
        10:02   plan growth 5000                   200 growth             email_sends: unlimited
  Dec 2 10:00   look                               -                      email_sends: limit 20000, 0 used
  `,
)

story(
  'a moved anchor closes the period: full allowance, nothing used, what was bought and not spent comes along',
  `
  Nov 2 10:00   create free                                           201
        10:00   buy p_1 leads 1000 + email_sends 4000                 201                     leads: limit 1050
        10:01   buy p_2 leads 1000 + email_sends 4000                 201                     leads: limit 2050
        10:01   use leads 350                                         200                     leads: 350 used
        10:01   reserve imp_1 leads 800 for 24h                       201 held                leads: 350 used, 800 reserved, 900 left
  Nov 2 12:00   plan starter 1000 anchored now                        200 starter             leads: limit 1900, 0 used, 0 reserved     email_sends: limit 12000
        12:00   ledger email_sends                                    grant 200, grant 4000, grant 4000, lapse 200, grant 4000, grant 4000, grant 4000
        12:01   commit imp_1 leads 700                                200 committed           leads: limit 1900, 0 used     leads of Nov 2 10:00: limit 2050, 1050 used, 0 reserved
        12:02   refund p_1 leads 1000 + email_sends 4000              200                     leads: limit 1900     email_sends: limit 8000
        12:03   refund p_2 leads 1000 + email_sends 4000              200                     leads: limit 1000     email_sends: limit 4000
        12:04   refund p_2 leads 1000 + email_sends 4000              200                     leads: limit 1000     email_sends: limit 4000
  Dec 2 12:00   look                                                  -                       leads: limit 1000, 0 used
  `,
)

story(
  'what is carried keeps its age: the older add-on is spent first, also after a second move',
  `
  Nov 2 10:00   create free                                           201
        10:00   buy z_older leads 1000                                201
        10:01   buy a_newer leads 1000                                201                     leads: limit 2050
  Nov 3 10:00   plan starter 1000 anchored now                        200 starter             leads: limit 3000, 0 used
        10:01   use leads 1400                                        200                     leads: 1400 used, 1600 left
  Nov 4 10:00   plan starter 1000 anchored now                        200 starter             leads: limit 2600, 0 used
        10:01   refund a_newer leads 1000                             200                     leads: limit 1600
        10:02   refund z_older leads 1000                             200                     leads: limit 1000
  `,
)

story(
  'monthly to yearly moves the anchor',
  `
  Nov 2 10:00   create starter 1000                201
        10:00   use leads 900                      200                    leads: 100 left
  Nov 9 10:00   plan starter 1000 yearly           200 starter            leads: limit 1000, 0 used
  Dec 2 10:00   use leads 1001                     402 limit_reached, wait until Dec 9 10:00
  `,
)

story(
  'a trial is one period up to its end',
  `
  Nov 2 10:00   create free                                                     201
  Nov 3 10:00   plan growth 5000 anchored Nov 17 10:00 trialing                 200 growth, trialing     leads: limit 5000
        10:00   use leads 5001                                                  402 limit_reached, wait until Nov 17 10:00
  Nov 17 10:00  look                                                            -                        leads: limit 5000, 0 used
        10:00   use leads 5001                                                  402 limit_reached, wait until Dec 17 10:00
  `,
)

story(
  'A25 A30 a purchase is granted once, in the period that runs, at any time',
  `
  Nov 2 10:00             create starter 1000                              201
  Dec 2 09:59:59.999      buy p_1 leads 1000 + email_sends 4000            201                leads: limit 2000
  Dec 2 10:00             buy p_1 leads 1000 + email_sends 4000            200                leads: limit 1000
        10:00             buy p_2 leads 1000 + email_sends 4000            201                leads: limit 2000     email_sends: limit 8000
        10:01             buy p_2 leads 1000 + email_sends 4000            200                leads: limit 2000     email_sends: limit 8000
  `,
)

story(
  'a refund takes back in total, used or not; the excess is overage, and no reservation is cancelled',
  `
  Nov 2 10:00   create starter 1000                          201
        10:00   buy p_1 leads 1000 + email_sends 4000        201
        10:00   use leads 1500                               200
        10:00   reserve imp_1 leads 300                      201 held                leads: limit 2000, 200 left
        10:01   refund p_1 leads 400 + email_sends 1600      200                     leads: limit 1600, 300 reserved, 0 left, 200 over     email_sends: limit 6400
        10:02   refund p_1 leads 400 + email_sends 1600      200                     leads: limit 1600
        10:03   refund p_1 leads 1000 + email_sends 4000     200                     leads: limit 1000, 800 over     email_sends: limit 4000
        10:04   reserve imp_2 leads 1                        402 limit_reached, 0 leads left
        10:05   commit imp_1 leads 300                       200 committed           leads: 1800 used, 0 reserved, 800 over
        10:06   refund p_9 leads 1                           404 not_found
        10:07   refund p_1 leads 1000 + ai_campaigns 1       404 not_found           leads: limit 1000
  `,
)

story(
  'a refund of a period that is over changes no figure',
  `
  Nov 2 10:00   create starter 1000                          201
        10:00   buy p_1 leads 1000                           201
        10:00   use leads 1800                               200
  Dec 2 10:00   refund p_1 leads 1000                        200                     leads: limit 1000, 0 used     leads of Nov 2 10:00: limit 2000, 1800 used
  `,
)

story(
  'a workspace is created once; a repeat with other content is told apart',
  `
  Nov 2 10:00   create free                        201
        10:01   create free                        200 free
        10:02   create starter 1000                422 workspace_mismatch      leads: limit 50
        10:03   plan starter 1000                  200 starter
        10:04   create free                        200 starter                 leads: limit 1000
        10:05   plan starter 1500                  422 invalid_request         leads: limit 1000
        10:06   plan gold                          422 invalid_request         leads: limit 1000
  `,
)

story(
  'Free in the small catalog, an upgrade and a downgrade while a meter comes and goes',
  `
  Nov 2 10:00   create free                        201                    tokens: limit 0
        10:01   plan starter 10                    200 starter            tokens: limit 8
        10:02   use tokens 3                       200
        10:03   plan partner                       200 partner            tokens: limit 8, 5 left     leads: limit 12     ai_campaigns: limit 3
  Dec 2 10:00   use tokens 1                       402 meter_not_in_plan  tokens: limit 0
  `,
  smallCatalog,
)
