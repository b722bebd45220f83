/** What happens at a limit, told as tables (see table.ts): who is refused, what then, and what never stops. */
import { expect, test } from 'vitest'
import ken from '../../../catalogs/ken.ts'
import { smallCatalog } from './catalog.ts'
import { play } from './table.ts'

const story = (title: string, table: string, catalog = ken) => test(title, () => play(catalog, table))

story(
  'A92 A97 refused when what is left is below the cost, with the figure that the page shows',
  `
  Nov 2 10:00   create growth 5000                 201
        10:00   record leads 4300                  200                                         leads: 4300 used, 700 left
        10:01   reserve imp_1 leads 100            201 held                                    leads: 4300 used, 100 reserved, 600 left
        10:02   reserve imp_2 leads 600            201 held                                    leads: 0 left
        10:03   release imp_2                      200 released
        10:04   reserve imp_3 leads 601            402 limit_reached, 600 leads left           leads: 100 reserved, 600 left
  `,
)

story(
  'A93 A94 on Free and Starter the way on is "Upgrade plan"',
  `
  Nov 2 10:00   create free                        201
        10:00   reserve imp_1 leads 51             402 limit_reached, 50 leads left, "Upgrade plan", lower leads to 50, wait until Dec 2 10:00
        10:01   plan starter 1000                  200 starter
        10:02   reserve imp_1 leads 1001           402 limit_reached, 1000 leads left, "Upgrade plan", lower leads to 1000
        10:03   reserve a email_sends 4001         402 limit_reached, 4000 email_sends left, "Upgrade plan"
        10:04   reserve b ai_campaigns 4           402 limit_reached, 3 ai_campaigns left, "Upgrade plan"
  `,
)

story(
  'A95 A96 on Growth and DFY it is "Buy credits", with the blocks it takes and their price',
  `
  Nov 2 10:00   create growth 5000                 201
        10:00   reserve imp_1 leads 5001           402 limit_reached, "Buy credits" 1 × leads = $70, lower leads to 5000
        10:00   reserve imp_1 leads 6001           402 limit_reached, "Buy credits" 2 × leads = $140
        10:01   reserve a email_sends 20001        402 limit_reached, "Buy credits" 1 × email_sends = $28
        10:01   reserve b ai_campaigns 30          402 limit_reached, "Buy credits" 5 × ai_campaigns = $25
        10:02   record leads 5000                  200
        10:02   reserve c leads 1                  402 limit_reached, 0 leads left, "Buy credits" 1 × leads = $70
        10:03   plan dfy 10,000                    200 dfy
        10:03   reserve imp_2 leads 6000           402 limit_reached, 5000 leads left, "Buy credits" 1 × leads = $60
  `,
)

story(
  'one "Buy credits" for every meter that is short',
  `
  Nov 2 10:00   create growth 5000                            201
        10:00   reserve a leads 5001 + email_sends 24001      402 limit_reached, "Buy credits" 1 × leads = $70, Buy credits 2 × email_sends = $56
  `,
)

story(
  'A11 whoever is no Admin is told to ask one',
  `
  Nov 2 10:00   create growth 5000                         201
        10:00   as a member: reserve imp_1 leads 5001      402 limit_reached, 5000 leads left, "Ask an Admin", lower leads to 5000
        10:00   as an editor: reserve imp_1 leads 5001     402 limit_reached, "Ask an Admin"
  `,
)

story(
  'A98 A103 A89 buying more clears the block, and the cap of the next import is higher',
  `
  Nov 2 10:00   create growth 5000                              201
        10:00   record leads 5000                               200
        10:00   reserve imp_1 leads 800                         402 limit_reached, 0 leads left
        10:01   buy p_1 leads 1000 + email_sends 4000           201                                leads: limit 6000, 1000 left     email_sends: limit 24000
        10:02   reserve imp_1 leads 800                         201 held                           leads: 5000 used, 800 reserved, 200 left
        10:03   give sorry leads 50                             201                                leads: limit 6050, 250 left
  `,
)

story(
  'A99 lowering the target clears the block when it then fits',
  `
  Nov 2 10:00   create free                        201
        10:00   reserve imp_1 leads 51             402 limit_reached, at most 50 leads
        10:01   reserve imp_1 leads 50             201 held              leads: 50 reserved, 0 left
  `,
)

story(
  'A100 A101 A102 an import takes min(estimate, left): asked for 1,500 of 1,000, it says both figures',
  `
  Nov 2 10:00   create starter 1000                201
        10:00   record leads 400                   200
        10:00   reserve imp_1 leads 1500           402 limit_reached, at most 600 leads
        10:01   reserve imp_1 leads 1500 partial   201 held, 600 of 1500 leads      leads: 600 reserved, 0 left
        10:02   part imp_1 leads 601               422 exceeds_reservation          leads: 400 used, 600 reserved
        10:03   commit imp_1 leads 600             200 committed                    leads: 1000 used, 0 reserved, 0 left
  `,
)

story(
  'A79 A81 A82 unlimited is per meter: it never refuses, never caps, and shows no limit',
  `
  Nov 2 10:00   create dfy 10000                                             201                         email_sends: unlimited, 0 used
        10:00   reserve a email_sends 1000000000                             201 held                    email_sends: 1000000000 reserved, unlimited, 0 over
        10:01   use email_sends 1000000000                                   200                         email_sends: 1000000000 used
        10:02   reserve b leads 20000 + ai_campaigns 500 partial             201 held, 10000 of 20000 leads, 500 of 500 ai_campaigns
        10:03   reserve c email_sends 5 + leads 1                            402 limit_reached, unlimited email_sends left, 0 leads left
  `,
)

story(
  'A129 A130 everybody draws on one pool',
  `
  Nov 2 10:00   create free                                 201
        10:00   as a member: reserve anna leads 30          201 held                              leads: 20 left
        10:00   as an editor: reserve ben leads 30          402 limit_reached, 20 leads left
        10:01   as an admin: reserve eve leads 20           201 held                              leads: 50 reserved, 0 left
  `,
)

story(
  'A131 A148 running sends go on above the limit: used exceeds it, left reads 0',
  `
  Nov 2 10:00   create free                        201
        10:00   record email_sends 199             200                        email_sends: limit 200, 199 used, 1 left, 0 over
        10:01   record email_sends 1               200                        email_sends: 200 used, 0 left, 0 over
        10:02   record email_sends 30              200                        email_sends: 230 used, 0 left, 30 over
        10:03   use email_sends 1                  402 limit_reached, 0 email_sends left    email_sends: 230 used, 30 over
        10:04   record email_sends 1               200                        email_sends: 231 used, 31 over
  `,
)

story(
  'A132 A133 at a limit a new import and a new AI build are refused, each by its own meter',
  `
  Nov 2 10:00   create free                        201
        10:00   use ai_campaigns 1                 200                        ai_campaigns: 1 used, 0 left
        10:01   reserve build_2 ai_campaigns 1     402 limit_reached, 0 ai_campaigns left
        10:02   reserve imp_1 leads 50             201 held                   leads: 50 reserved, 0 left
        10:03   reserve imp_2 leads 1              402 limit_reached
  `,
)

story(
  'A67 A68 a build that is left costs nothing, a completed one costs one credit',
  `
  Nov 2 10:00   create free                        201
        10:00   reserve build_1_1 ai_campaigns 1   201 held                   ai_campaigns: 1 reserved, 0 left
        10:09   release build_1_1                  200 released               ai_campaigns: 0 used, 0 reserved, 1 left
        11:00   reserve build_1_2 ai_campaigns 1   201 held
        11:10   extend build_1_2 15m               200 held
        11:20   commit build_1_2 ai_campaigns 1    200 committed              ai_campaigns: 1 used, 0 reserved, 0 left
  `,
)

story(
  'a plan that lacks a meter says so, until some of it is granted',
  `
  Nov 2 10:00   create free                        201                              tokens: limit 0, 0 left
        10:00   reserve a tokens 1                 402 meter_not_in_plan, 0 tokens left
        10:00   record tokens 2                    200                              tokens: 2 used, 2 over
        10:01   give gift tokens 5                 201                              tokens: limit 5, 2 used, 3 left, 0 over
        10:02   reserve a tokens 3                 201 held                         tokens: 3 reserved, 0 left
        10:03   reserve b tokens 1                 402 limit_reached
  `,
  smallCatalog,
)

story(
  'a plan that may not buy offers to change it instead',
  `
  Nov 2 10:00   create partner                     201
        10:00   reserve a leads 13                 402 limit_reached, 12 leads left, "Upgrade plan"
  `,
  smallCatalog,
)

story(
  'overdue from the very end of grace on, nothing new starts; what is running goes on',
  `
  Nov 2 10:00         create starter 1000                                     201 starter, active
        10:00         reserve imp_1 leads 100 for 24h                         201 held
        10:00         plan starter 1000 past due until Nov 2 11:00            200 starter, past_due
        10:59:59.999  reserve imp_2 leads 1                                   201 held
        11:00         reserve imp_3 leads 1                                   402 payment_overdue, at most 0 leads
        11:00         use leads 1                                             402 payment_overdue
        11:01         record email_sends 7                                    200               email_sends: 7 used
        11:02         extend imp_1 24h                                        200 held
        11:03         commit imp_1 leads 90                                   200 committed     leads: 90 used, 1 reserved
        11:04         plan starter 1000 active                                200 starter, active
        11:05         reserve imp_3 leads 1                                   201 held
  `,
)

story(
  'a suspended workspace starts nothing either',
  `
  Nov 2 10:00   create starter 1000                   201
        10:00   plan starter 1000 suspended           200 starter, suspended
        10:01   reserve imp_1 leads 1                 402 workspace_suspended
        10:01   reserve imp_1 leads 1 partial         402 workspace_suspended
        10:02   give gift leads 10                    201                        leads: limit 1010
  `,
)

test('a table that says something false fails', () => {
  const wrong = (line: string) => () => play(ken, `Nov 2 10:00   create free   201\n${line}`)
  expect(wrong('10:01   reserve a leads 10   201 held   leads: 10 reserved')).not.toThrow()
  expect(wrong('10:01   reserve a leads 10   402 limit_reached')).toThrow(/line 1/)
  expect(wrong('10:01   reserve a leads 10   201 held   leads: 11 reserved')).toThrow(/line 1/)
  expect(wrong('10:01   reserve a leads 10   201 held, until Nov 2 10:15')).toThrow(/line 1/)
  expect(wrong('10:01   reserve a leads 10')).toThrow(/lacks a column/)
})
