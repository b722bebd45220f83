/** What a campaign sends to each of its leads: up to four mails, each so many days after the one before. */
import * as z from 'zod'
import type { Queryable } from '../database.ts'
import { visibleText } from '../visible-text.ts'

export interface SequenceStep {
  /** Days after the mail before it; 0 for the first, else 1 to 30. */
  waitDays: number
  /** One line. */
  subject: string
  /** Plain text. `{{firstName}}`, `{{company}}` and `{{title}}` stand for what is known of the contact. */
  body: string
}

/** A usual sequence has four steps: a lead bought as an add-on brings as many sends. */
export const mostSteps = 4
export const usualWaitDays = 3

/** Text that can be kept and sent: of control characters only tabs and line ends, and no half characters. */
const words = z.string().refine((text) => !/[^\P{Cc}\n\r\t]|\p{Cs}/u.test(text), 'May not have control characters.')

const step = z.strictObject({
  waitDays: z.number().int().min(0).max(30),
  subject: words.transform(visibleText).pipe(z.string().min(1, 'May not be empty.').max(200)),
  body: words.pipe(
    z
      .string()
      .trim()
      .max(5_000)
      .refine((text) => visibleText(text) !== '', 'May not be empty.'),
  ),
})

/** The first mail waits for nothing but the schedule. */
export const sequence = z
  .array(step)
  .min(1)
  .max(mostSteps)
  .refine((steps) => steps[0]!.waitDays === 0, 'The first mail waits no days.')
  .refine((steps) => steps.slice(1).every(({ waitDays }) => waitDays >= 1), 'A later mail waits 1 to 30 days.')

/** Puts these steps in the place of those the campaign has. Call within a transaction. */
export async function writeSequence(
  connection: Queryable,
  { workspaceId, campaignId }: { workspaceId: string; campaignId: string },
  steps: SequenceStep[],
): Promise<void> {
  await connection.query('delete from ken.sequence_steps where workspace_id = $1 and campaign_id = $2', [
    workspaceId,
    campaignId,
  ])
  await connection.query(
    `insert into ken.sequence_steps (workspace_id, campaign_id, step, wait_days, subject, body)
     select $1, $2, s.step, s.wait_days, s.subject, s.body
       from unnest($3::integer[], $4::integer[], $5::text[], $6::text[]) as s (step, wait_days, subject, body)`,
    [
      workspaceId,
      campaignId,
      steps.map((_step, index) => index + 1),
      steps.map(({ waitDays }) => waitDays),
      steps.map(({ subject }) => subject),
      steps.map(({ body }) => body),
    ],
  )
}

/** The steps in order; none where nothing has been written yet. */
export async function readSequence(
  database: Queryable,
  { workspaceId, campaignId }: { workspaceId: string; campaignId: string },
): Promise<SequenceStep[]> {
  const { rows } = await database.query<SequenceStep>(
    `select wait_days as "waitDays", subject, body from ken.sequence_steps
      where workspace_id = $1 and campaign_id = $2 order by step`,
    [workspaceId, campaignId],
  )
  return rows
}
