/** Refunds and disputes of what was bought, told as tables (see table.ts): T40 of the users' pains. */
import { test } from 'vitest'
import ken from '../../../catalogs/ken.ts'
import { play } from './table.ts'

const story = (title: string, table: string) => test(title, () => play(ken, table))

story(
  'T40 refunded in full before use: the limit is what it was',
  `
  Nov 2 10:00   create starter 1000                          201
        10:00   buy p_1 leads 2000 + email_sends 8000        201                     leads: limit 3000     email_sends: limit 12000
        10:01   refund p_1 leads 2000 + email_sends 8000     200                     leads: limit 1000     email_sends: limit 4000
        10:02   refund p_1 leads 2000 + email_sends 8000     200                     leads: limit 1000     email_sends: limit 4000
        10:03   ledger leads                                 grant 1000, grant 2000, refund 2000
  `,
)

story(
  'T40 refunds in part are totals: two of a third each take two thirds, in whatever order they are told',
  `
  Nov 2 10:00   create starter 1000                          201
        10:00   buy p_1 leads 1000                           201                     leads: limit 2000
        10:01   refund p_1 leads 666                         200                     leads: limit 1334
        10:02   refund p_1 leads 333                         200                     leads: limit 1334
        10:03   refund p_1 leads 666                         200                     leads: limit 1334
        10:04   refund p_1 leads 1000                        200                     leads: limit 1000
        10:05   ledger leads                                 grant 1000, grant 1000, refund 666, refund 334
  `,
)

story(
  'T40 refunded after use: what is missing stands as overage, nothing new starts, and the next period knows nothing of it',
  `
  Nov 2 10:00   create starter 1000                          201
        10:00   buy p_1 leads 1000                           201
        10:00   use leads 1700                               200
        10:01   refund p_1 leads 1000                        200                     leads: limit 1000, 1700 used, 0 left, 700 over
        10:02   use leads 1                                  402 limit_reached, 0 leads left
        10:03   buy p_2 leads 1000                           201                     leads: limit 2000, 300 left, 0 over
  Dec 2 10:00   look                                         -                       leads: limit 1000, 0 used, 0 over
  `,
)

story(
  'T40 refunded after its period: no figure of either period changes',
  `
  Nov 2 10:00   create starter 1000                          201
        10:00   buy p_1 leads 1000                           201
        10:00   use leads 1700                               200
  Dec 2 10:00   use leads 5                                  200
        10:01   refund p_1 leads 1000                        200                     leads: limit 1000, 5 used, 0 over     leads of Nov 2 10:00: limit 2000, 1700 used, 0 over
        10:02   ledger leads                                 grant 1000, grant 1000, use 1700, lapse 300, grant 1000, use 5
  `,
)

story(
  'T40 a dispute takes all back when it is opened, and won it is granted again, once, in the period that runs',
  `
  Nov 2 10:00   create starter 1000                          201
        10:00   buy p_1 leads 1000 + email_sends 4000        201                     leads: limit 2000
  Nov 9 10:00   refund p_1 leads 1000 + email_sends 4000     200                     leads: limit 1000     email_sends: limit 4000
  Dec 5 10:00   buy p_1_won leads 1000 + email_sends 4000    201                     leads: limit 2000     email_sends: limit 8000
        10:01   buy p_1_won leads 1000 + email_sends 4000    200                     leads: limit 2000
        10:02   refund p_1 leads 1000 + email_sends 4000     200                     leads: limit 2000
        10:03   refund p_1_won leads 500 + email_sends 2000  200                     leads: limit 1500     email_sends: limit 6000
  `,
)

story(
  'T40 T48 of what came along over a moved anchor only the part that came along can be taken back',
  `
  Nov 2 10:00   create free                                      201
        10:00   buy p_1 leads 1000                               201
        10:01   use leads 350                                    200                 leads: limit 1050, 350 used
  Nov 5 10:00   read 1: starter 1000 anchored now                200 starter         leads: limit 1700, 0 used
        10:01   refund p_1 leads 500                             200                 leads: limit 1200
        10:02   refund p_1 leads 1000                            200                 leads: limit 1000
        10:03   refund p_1 leads 1000                            200                 leads: limit 1000, 0 over     leads of Nov 2 10:00: limit 1050, 350 used
        10:04   ledger leads                                     grant 50, grant 1000, use 350, grant 1000, grant 700, refund 500, refund 200
  `,
)

story(
  'T48 bought units survive plan changes and cancelling, and lapse with their period',
  `
  Nov 2 10:00   create free                                                201
        10:00   buy p_1 leads 1000                                         201                 leads: limit 1050
  Nov 5 10:00   read 1: starter 1000 anchored now                          200 starter         leads: limit 2000
        10:01   read 2: growth 5000                                        200 growth          leads: limit 6000
        10:02   read 3: starter 1000                                       200 starter         leads: limit 6000
        10:03   read 4: nothing                                            200 free            leads: limit 6000
  Dec 5 10:00   look                                                       -                   leads: limit 50
  `,
)
