/** Paid years, trials and anchors of subscriptions, told as tables (see table.ts). */
import { test } from 'vitest'
import ken from '../../../catalogs/ken.ts'
import { smallCatalog } from './catalog.ts'
import { play } from './table.ts'

const story = (title: string, table: string, catalog = ken) => test(title, () => play(catalog, table))

story(
  'A88 A128 A151 T47 a paid year releases its allowance twelve times; January 31 is clamped and comes back',
  `
  Jan 31 10:00            create free                                                        201
         10:00            read 1: starter 1000 yearly anchored Jan 31 10:00                  200 starter       leads: limit 1000
         10:00            use leads 1000                                                     200               leads: 0 left
  Feb 28 09:59:59.999     use leads 1                                                        402 limit_reached, wait until Feb 28 10:00
  Feb 28 10:00            use leads 1000                                                     200               leads: limit 1000, 0 left
  Mar 28 10:00            use leads 1                                                        402 limit_reached, wait until Mar 31 10:00
  Mar 31 10:00            use leads 1000                                                     200               leads: 0 left
  Apr 30 10:00            use leads 1000                                                     200               leads: 0 left
  May 31 10:00            use leads 1000                                                     200               leads: 0 left
  Jun 30 10:00            use leads 1000                                                     200               leads: 0 left
         10:01            read 2: starter 1000 yearly then free at Jan 31 2027 10:00         200 starter       leads: 0 left
  Jul 31 10:00            use leads 1000                                                     200               leads: 0 left
  Aug 31 10:00            use leads 1000                                                     200               leads: 0 left
  Sep 30 10:00            use leads 1000                                                     200               leads: 0 left
  Oct 31 10:00            use leads 1000                                                     200               leads: 0 left
  Nov 30 10:00            use leads 1000                                                     200               leads: 0 left
  Dec 31 10:00            use leads 1000                                                     200               leads: 0 left
  Jan 31 2027 09:59       use leads 1                                                        402 limit_reached, wait until Jan 31 10:00
  Jan 31 2027 10:00       look                                                               -                 leads: limit 50, 0 used
         10:01            read 3: nothing                                                    200 free          leads: limit 50
  Feb 28 2027 10:00       look                                                               -                 leads: limit 50, 0 used
         10:00            ledger ai_campaigns                                                grant 1, adjust 2, lapse 3, grant 3, lapse 3, grant 3, lapse 3, grant 3, lapse 3, grant 3, lapse 3, grant 3, lapse 3, grant 3, lapse 3, grant 3, lapse 3, grant 3, lapse 3, grant 3, lapse 3, grant 3, lapse 3, grant 3, lapse 3, grant 1
  `,
)

story(
  'A51 monthly to yearly moves the anchor: the period closes, and the unspent part of an add-on comes along',
  `
  Nov 2 10:00             create free                                             201
        10:00             read 1: starter 1000 anchored now                       200 starter
        10:00             buy p_1 leads 1000 + email_sends 4000                   201                   leads: limit 2000
        10:01             use leads 1250                                          200                   leads: 750 left
  Nov 9 12:00             reserve imp_1 leads 50                                  201 held              leads: 1250 used, 50 reserved, 700 left
  Nov 9 12:00:03          read 2: starter 1000 yearly anchored Nov 9 12:00        200 starter           leads: limit 1700, 0 used, 0 reserved     email_sends: limit 8000
        12:01             release imp_1                                           200 released          leads: limit 1700     leads of Nov 2 10:00: 1250 used, 0 reserved
  Dec 9 11:59:59.999      look                                                    -                     leads: limit 1700
  Dec 9 12:00             look                                                    -                     leads: limit 1000
  Nov 9 2027 12:00        look                                                    -                     leads: limit 1000
  `,
)

story(
  'yearly to monthly at the end of the year, taken up by time and confirmed later, opens one period, not two',
  `
  Nov 2 10:00             create free                                                                              201
        10:00             read 1: starter 1000 yearly anchored now then starter 1000 at Nov 2 2027 10:00           200 starter
  Oct 2 2027 10:00        use leads 900                                                                            200
  Nov 2 2027 10:00        use leads 400                                                                            200                   leads: limit 1000, 400 used
        10:01             read 2: starter 1000 yearly then starter 1000 at Nov 2 2027 10:00                        200 starter           leads: 400 used
        10:02             read 3: starter 1000 anchored Nov 2 2027 10:00                                           200 starter           leads: limit 1000, 400 used
  Dec 2 2027 10:00        look                                                                                     -                     leads: limit 1000, 0 used
  `,
)

story(
  'the same where the provider goes on counting from the first month, and that had a day more',
  `
  Feb 29 2028 10:00       create free                                                                              201
         10:00            read 1: starter 1000 yearly anchored now then starter 1000 at Feb 28 2029 10:00          200 starter
  Feb 28 2029 10:01       use leads 400                                                                            200                   leads: 400 used
         10:02            read 2: starter 1000 anchored Feb 29 2028 10:00                                          200 starter           leads: limit 1000, 400 used
  Mar 28 2029 10:00       use leads 601                                                                            402 limit_reached, wait until Mar 29 10:00
  Mar 29 2029 10:00       look                                                                                     -                     leads: limit 1000, 0 used
  `,
)

story(
  'an upgrade within a paid year keeps the days, and the year',
  `
  Nov 2 10:00             create free                                                                       201
        10:00             read 1: starter 1000 yearly anchored now                                          200 starter
        10:01             use leads 900                                                                     200
  Nov 9 10:00             read 2: growth 5000 yearly                                                        200 growth            leads: limit 5000, 900 used
  Dec 2 10:00             read 3: growth 5000 yearly then starter 2000 yearly at Nov 2 2027 10:00           200 growth            leads: limit 5000, 0 used
  Nov 2 2027 09:59        look                                                                              -                     leads: limit 5000
  Nov 2 2027 10:00        look                                                                              -                     leads: limit 2000
  `,
)

story(
  'a trial of 14 days is one period with the full allowance, and the paid month begins at its end',
  `
  Nov 2 10:00             create free                                                     201
        10:00             buy p_1 leads 1000                                              201
  Nov 3 10:00             read 1: growth 5000 anchored Nov 17 10:00 trialing              200 growth, trialing     leads: limit 6000, 0 used
        10:01             use leads 5500                                                  200                      leads: 500 left
  Nov 17 09:59:59.999     use leads 501                                                   402 limit_reached, wait until Nov 17 10:00
  Nov 17 10:00            use leads 100                                                   200                      leads: limit 5000, 100 used
        10:05             read 2: growth 5000                                             200 growth, active       leads: limit 5000, 100 used
  Dec 17 10:00            look                                                            -                        leads: limit 5000, 0 used
  `,
)

story(
  'a trial of 45 days is one period too, not one and a half',
  `
  Nov 2 10:00             create free                                                     201
  Nov 3 10:00             read 1: growth 5000 anchored Dec 18 10:00 trialing              200 growth, trialing     leads: limit 5000
        10:01             use leads 4900                                                  200
  Dec 17 10:00            use leads 101                                                   402 limit_reached, 100 leads left, wait until Dec 18 10:00
  Dec 18 10:00            use leads 101                                                   200                      leads: limit 5000, 101 used
  Jan 18 2027 10:00       look                                                            -                        leads: limit 5000, 0 used
  `,
)

story(
  'a trial that is given another end stays one period: no second allowance, what was used stays used',
  `
  Nov 2 10:00             create free                                                     201
  Nov 3 10:00             read 1: growth 5000 anchored Nov 17 10:00 trialing              200 growth, trialing
        10:01             use leads 4000                                                  200
  Nov 10 10:00            read 2: growth 5000 anchored Dec 20 10:00 trialing              200 growth, trialing     leads: limit 5000, 4000 used
  Nov 17 10:00            use leads 1001                                                  402 limit_reached, wait until Dec 20 10:00
  Nov 20 10:00            read 3: growth 5000 anchored Dec 1 10:00 trialing               200 growth, trialing     leads: limit 5000, 4000 used
  Dec 1 10:00             look                                                            -                        leads: limit 5000, 0 used
  `,
)

story(
  'a trial that ends early ends its period: the paid month begins then, with the full allowance',
  `
  Nov 2 10:00             create free                                                     201
  Nov 3 10:00             read 1: growth 5000 anchored Dec 18 10:00 trialing              200 growth, trialing
        10:01             use leads 4000                                                  200
  Nov 10 10:00            read 2: growth 5000 anchored now                                200 growth, active       leads: limit 5000, 0 used
  Dec 10 10:00            look                                                            -                        leads: limit 5000
  `,
)

story(
  'a trial cancelled at its end is Free from then on',
  `
  Nov 2 10:00             create free                                                                         201
  Nov 3 10:00             read 1: growth 5000 anchored Dec 18 10:00 trialing then free at Dec 18 10:00        200 growth, trialing     leads: limit 5000
  Dec 18 09:59            look                                                                                -                        leads: limit 5000
  Dec 18 10:00            look                                                                                -                        leads: limit 50
        10:01             read 2: nothing                                                                     200 free, active
  Jan 18 2027 10:00       look                                                                                -                        leads: limit 50
  `,
)

story(
  'T48 an anchor a moment ahead by the clock of the provider has begun: what was bought does not lapse with a period of seconds',
  `
  Nov 2 10:00             create free                                                     201
        10:00             buy p_1 leads 1000                                              201
  Nov 5 10:00             read 1: starter 1000 anchored Nov 5 10:00:03                    200 starter              leads: limit 2000
        10:00:04          look                                                            -                        leads: limit 2000
  Dec 5 10:00:03          look                                                            -                        leads: limit 1000
  `,
)

story(
  'an anchor days ahead: the first period is the part of a month until then',
  `
  Nov 2 10:00             create free                                                     201
  Nov 5 10:00             read 1: starter 1000 anchored Dec 1 00:00                       200 starter              leads: limit 1000
        10:00             use leads 1001                                                  402 limit_reached, wait until Dec 1 00:00
  Dec 1 00:00             use leads 1001                                                  402 limit_reached, wait until Jan 1 00:00
  `,
)

story(
  'a change announced for an instant inside a period waits for its end, and counts from there',
  `
  Nov 2 10:00             create starter 10                                                                       201
        10:00             read 1: starter 10 anchored Nov 2 10:00 then growth 50 yearly at Nov 20 10:00           200 starter              leads: limit 10
  Nov 20 10:00            look                                                                                    -                        leads: limit 10
  Dec 2 10:00             use leads 51                                                                            402 limit_reached, 50 leads left, wait until Jan 2 10:00
  Jan 2 2027 10:00        look                                                                                    -                        leads: limit 50
  `,
  smallCatalog,
)
