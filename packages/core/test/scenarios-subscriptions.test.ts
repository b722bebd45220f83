/** Subscriptions as the payment provider reads them, told as tables (see table.ts): upgrades, downgrades, years, trials, payments. */
import { test } from 'vitest'
import ken from '../../../catalogs/ken.ts'
import { play } from './table.ts'

const story = (title: string, table: string, catalog = ken) => test(title, () => play(catalog, table))

story(
  'T48 A89 the first subscription closes the Free period: full allowance, and what was bought and not spent comes along',
  `
  Nov 2 10:00             create free                                        201 free
        10:00             buy p_1 leads 1000 + email_sends 4000              201                     leads: limit 1050
        11:00             use leads 350                                      200                     leads: 350 used, 700 left
        11:00             reserve imp_1 leads 100                            201 held                leads: 100 reserved, 600 left
        11:00:05          read 1: starter 1000 anchored Nov 2 11:00          200 starter, active     leads: limit 1600, 0 used, 0 reserved     email_sends: limit 8000
        11:01             commit imp_1 leads 100                             200 committed           leads: 0 used     leads of Nov 2 10:00: limit 1050, 450 used, 0 reserved
        11:02             use leads 1600                                     200                     leads: 0 left
        11:02             ledger leads                                       grant 50, grant 1000, use 350, reserve 100, grant 1000, grant 600, commit 100, use 1600
  Dec 2 10:59:59.999      use leads 1                                        402 limit_reached, wait until Dec 2 11:00
  Dec 2 11:00             use leads 1                                        200                     leads: limit 1000, 1 used
  `,
)

story(
  'A55 A150 an upgrade counts at once: limits rise, what is used and reserved stays',
  `
  Nov 2 10:00   create free                                      201
        10:00   read 1: starter 1000 anchored Nov 2 10:00        200 starter           leads: limit 1000
  Nov 9 10:00   use leads 400                                    200
        10:00   reserve imp_1 leads 500                          201 held              leads: 400 used, 500 reserved, 100 left
        10:01   read 2: growth 5000                              200 growth, active    leads: limit 5000, 400 used, 500 reserved, 4100 left     email_sends: limit 20000     ai_campaigns: limit 25
        10:02   commit imp_1 leads 500                           200 committed         leads: 900 used, 4100 left
  Dec 2 10:00   look                                             -                     leads: limit 5000, 0 used
  `,
)

story(
  'T32 T33 T34 readings count in the order in which they were made, each once, in whatever order they arrive',
  `
  Nov 2 10:00   create free                                      201
        10:00   read 2: growth 5000 anchored Nov 2 10:00         200 growth            leads: limit 5000
        10:01   use leads 100                                    200
        10:02   read 1: starter 1000                             200 growth            leads: limit 5000, 100 used
        10:03   read 2: growth 5000                              200 growth            leads: limit 5000, 100 used
        10:04   read 5: growth 5000                              200 growth            leads: limit 5000, 100 used
        10:05   read 4: growth 10000 yearly anchored now         200 growth            leads: limit 5000, 100 used
        10:06   read 3: nothing                                  200 growth            leads: limit 5000, 100 used
        10:07   ledger leads                                     grant 50, adjust 4950, use 100
  `,
)

story(
  'A56 A58 T51 a downgrade counts from the end of the period; until then nothing changes and what runs goes on',
  `
  Nov 2 10:00             create free                                                                   201
        10:00             read 1: growth 5000 anchored Nov 2 10:00                                      200 growth        leads: limit 5000
  Nov 9 10:00             read 2: growth 5000 then starter 1000 at Dec 2 10:00                          200 growth        leads: limit 5000
        10:00             use leads 4000                                                                200               leads: 4000 used, 1000 left
  Dec 2 09:55             reserve imp_1 leads 700                                                       201 held
  Dec 2 09:59:59.999      look                                                                          -                 leads: limit 5000, 300 left
  Dec 2 10:00             look                                                                          -                 leads: limit 1000, 0 used, 0 reserved
        10:01             commit imp_1 leads 650                                                        200 committed     leads: 0 used     leads of Nov 2 10:00: 4650 used, 0 reserved
        10:02             use leads 300                                                                 200
        10:03             read 3: starter 1000                                                          200 starter       leads: limit 1000, 300 used
        10:04             ledger email_sends                                                            grant 200, adjust 19800, lapse 20000, grant 4000
  `,
)

story(
  'a reading made just before the boundary and applied behind it neither raises the plan again nor lowers what runs',
  `
  Nov 2 10:00      create free                                                                   201
        10:00      read 1: growth 5000 anchored Nov 2 10:00 then starter 1000 at Dec 2 10:00     200 growth        leads: limit 5000
  Dec 2 10:00:01   use leads 10                                                                  200               leads: limit 1000, 10 used
        10:00:02   read 2: growth 5000 then starter 1000 at Dec 2 10:00                          200 starter       leads: limit 1000, 10 used
        10:00:09   read 3: starter 1000                                                          200 starter       leads: limit 1000, 10 used
  Jan 2 2027 10:00  look                                                                         -                 leads: limit 1000, 0 used
  `,
)

story(
  'a downgrade that is learned of only behind the boundary counts from the next one on',
  `
  Nov 2 10:00      create free                                          201
        10:00      read 1: growth 5000 anchored Nov 2 10:00             200 growth        leads: limit 5000
  Dec 2 10:30      use leads 10                                         200               leads: limit 5000
        11:00      read 2: starter 1000                                 200 starter       leads: limit 5000, 10 used
  Jan 2 2027 10:00  look                                                -                 leads: limit 1000, 0 used
  `,
)

story(
  'a downgrade called off in time changes nothing',
  `
  Nov 2 10:00   create free                                                                   201
        10:00   read 1: growth 5000 anchored Nov 2 10:00 then starter 1000 at Dec 2 10:00     200 growth
  Nov 9 10:00   read 2: growth 5000                                                           200 growth
  Dec 2 10:00   look                                                                          -                 leads: limit 5000
  `,
)

story(
  'A57 A58 a cancelled plan runs to the end of what is paid; then the workspace is Free, on the same days of the month',
  `
  Nov 2 10:00             create free                                                             201
  Nov 5 12:00             read 1: starter 1000 anchored now                                       200 starter           leads: limit 1000
  Nov 9 10:00             read 2: starter 1000 then free at Dec 5 12:00                           200 starter, active   leads: limit 1000
  Dec 5 11:59             reserve imp_1 leads 900                                                 201 held
  Dec 5 12:00             use leads 51                                                            402 limit_reached, 50 leads left, wait until Jan 5 12:00
        12:01             use leads 50                                                            200                   leads: 50 used, 0 left
        12:02             read 3: nothing                                                         200 free, active      leads: limit 50, 50 used
        12:03             commit imp_1 leads 900                                                  200 committed         leads: 50 used     leads of Nov 5 12:00: 900 used
  Jan 5 2027 12:00        use leads 50                                                            200                   leads: limit 50, 50 used
  `,
)

story(
  'a subscription that ends at once leaves the period as it stands; Free counts from the next one on',
  `
  Nov 2 10:00   create free                                                   201
        10:00   read 1: starter 1000 anchored now past due until Nov 9 10:00  200 starter, past_due
  Nov 9 10:00   use leads 1                                                   402 payment_overdue
  Nov 20 10:00  read 2: nothing                                               200 free, active      leads: limit 1000
        10:01   use leads 1                                                   200
  Dec 2 10:00   look                                                          -                     leads: limit 50
  `,
)

story(
  'a subscription that ends takes what was announced with it',
  `
  Nov 2 10:00   create free                                                                 201
        10:00   read 1: growth 5000 anchored now then starter 1000 at Dec 2 10:00           200 growth
  Nov 9 10:00   read 2: nothing                                                             200 free
  Dec 2 10:00   look                                                                        -             leads: limit 50
  `,
)

story(
  'a plan that was set by a key is left alone where there is no subscription, and given back to the provider where there is one',
  `
  Nov 2 10:00   create free                                      201
        10:01   plan growth 5000                                 200 growth            leads: limit 5000
        10:02   read 1: nothing                                  200 growth            leads: limit 5000
        10:03   read 2: starter 1000 anchored Nov 2 10:00        200 starter           leads: limit 5000
        10:04   plan growth 10000                                200 growth            leads: limit 10000
        10:05   read 3: starter 1000                             200 starter           leads: limit 10000
  Dec 2 10:00   look                                             -                     leads: limit 1000
  `,
)

story(
  'a plan or volume the catalog does not offer is refused, and the same reading counts once it is mended',
  `
  Nov 2 10:00   create free                                      201
        10:01   read 1: gold anchored now                        422 invalid_request   leads: limit 50
        10:01   read 1: starter 1500 anchored now                422 invalid_request   leads: limit 50
        10:01   read 1: starter 1000 anchored Nov 2 10:00        200 starter           leads: limit 1000
  `,
)

story(
  'T52 up and down and up again gains nothing, whoever asks',
  `
  Nov 2 10:00   create free                                      201
        10:00   read 1: starter 1000 anchored now                200 starter
        10:01   buy p_1 leads 1000                               201                   leads: limit 2000
        10:02   use leads 800                                    200
        10:03   read 2: growth 5000                              200 growth            leads: limit 6000, 800 used
        10:04   read 3: starter 1000                             200 starter           leads: limit 6000, 800 used
        10:05   read 4: growth 5000                              200 growth            leads: limit 6000, 800 used
        10:06   read 5: starter 3000                             200 starter           leads: limit 6000, 800 used
        10:07   ledger leads                                     grant 50, adjust 950, grant 1000, use 800, adjust 4000
  Dec 2 10:00   look                                             -                     leads: limit 3000, 0 used
  `,
)

story(
  'past due: seven days of grace, then nothing new starts until it is paid; what runs goes on',
  `
  Nov 2 10:00             create free                                                    201
        10:00             read 1: starter 1000 anchored now                              200 starter
  Dec 2 11:00             read 2: starter 1000 past due until Dec 9 11:00                200 starter, past_due
  Dec 9 10:59:59.999      reserve imp_1 leads 10                                         201 held
  Dec 9 11:00             reserve imp_2 leads 10                                         402 payment_overdue
        11:00             read 3: starter 1000 past due until Dec 9 11:00                200 starter, overdue
        11:01             record email_sends 40                                          200                    email_sends: 40 used
        11:02             commit imp_1 leads 10                                          200 committed
        11:03             buy p_1 leads 1000                                             201                    leads: limit 2000
        11:04             read 4: starter 1000                                           200 starter, active
        11:05             reserve imp_2 leads 10                                         201 held               leads: limit 2000, 10 used
  `,
)

story(
  'paused and resumed: suspended in between, and a new anchor begins a new period',
  `
  Nov 2 10:00    create free                                       201
         10:00   read 1: starter 1000 anchored now                 200 starter
         10:00   buy p_1 leads 1000                                201
         10:01   use leads 1200                                    200                    leads: limit 2000, 800 left
  Nov 9 10:00    read 2: starter 1000 suspended                    200 starter, suspended
         10:01   use leads 1                                       402 workspace_suspended
  Nov 20 10:00   read 3: starter 1000 anchored now                 200 starter, active    leads: limit 1800, 0 used
  Dec 20 10:00   look                                              -                      leads: limit 1000
  `,
)

story(
  'A24 A30 T63 a top-up works on any plan and in any state of payment',
  `
  Nov 2 10:00   create free                                                    201
        10:00   buy p_1 leads 1000 + email_sends 4000                          201                       leads: limit 1050
        10:01   read 1: starter 1000 anchored Nov 17 10:00 trialing            200 starter, trialing
        10:01   buy p_2 leads 1000 + email_sends 4000                          201                       leads: limit 3000     email_sends: limit 12000
        10:02   read 2: growth 5000 past due until Nov 2 10:02                 200 growth, overdue
        10:02   buy p_3 ai_campaigns 5                                         201                       ai_campaigns: limit 30
        10:03   read 3: growth 5000 suspended                                  200 growth, suspended
        10:03   buy p_4 email_sends 4000                                       201                       email_sends: limit 32000
        10:04   read 4: nothing                                                200 free, active
        10:04   buy p_5 leads 1000 + email_sends 4000                          201                       leads: limit 8000
  `,
)
