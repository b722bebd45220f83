/** A campaign that is ready to be launched, and how its figures stand, in tests. */
import type { SendingView, RecipientView } from '../src/sending/sending-view.ts'
import type { House } from './harness.ts'
import { people, workspace } from './harness.ts'
import { until } from './houses.ts'
import { must, type Visitor } from './visitor.ts'

/** Three days between two mails, as is usual. */
export const fourSteps = [0, 3, 3, 3].map((waitDays, index) => ({
  waitDays,
  subject: `Mail ${index + 1} for {{company}}`,
  body: `Hi {{firstName}},\n\nthis is mail ${index + 1}.\n\nBest\nAda`,
}))

export const oneStep = fourSteps.slice(0, 1)

/** A campaign whose leads are imported and whose sequence is written. */
export async function ready(
  visitor: Visitor,
  { count, from = 0, steps = fourSteps }: { count: number; from?: number; steps?: typeof fourSteps },
): Promise<string> {
  const upload = await visitor.prepared(people(count, from))
  const { id } = await visitor.start(upload.id)
  const ended = await visitor.ended(id)
  if (ended.counted !== count) throw new Error(`Only ${ended.counted} of ${count} counted.`)
  must(await put(visitor, `/api/campaigns/${upload.campaignId}/sequence`, { steps }), 200)
  return upload.campaignId
}

export const put = <Body>(visitor: Visitor, path: string, body: unknown) =>
  visitor.ask<Body>('PUT', path, { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })

export const launch = async (visitor: Visitor, id: string, body: object = {}): Promise<SendingView> =>
  must(await visitor.post<SendingView>(`/api/campaigns/${id}/launch`, body), 200)

export const sending = async (visitor: Visitor, id: string): Promise<SendingView> =>
  must(await visitor.get<SendingView>(`/api/campaigns/${id}/sending`), 200)

export const recipients = async (visitor: Visitor, id: string, state = ''): Promise<RecipientView[]> =>
  must(
    await visitor.get<{ data: RecipientView[]; nextCursor: string | null }>(
      `/api/campaigns/${id}/recipients?state=${state}`,
    ),
    200,
  ).data

/** Waits until so many mails are sent and counted. */
export const sentAndCounted = (visitor: Visitor, id: string, mails: number): Promise<void> =>
  until(async () => {
    const { sent, counted } = await sending(visitor, id)
    return sent === mails && counted === mails
  })

export const state = (visitor: Visitor, id: string, wanted: string): Promise<void> =>
  until(async () => (await sending(visitor, id)).state === wanted)

/** What Headroom says of sends: used now, and how many uses are in its ledger, with the sum of what they counted. */
export async function counted(here: House): Promise<{ used: number; overage: number; entries: number; sum: number }> {
  const { used, overage } = (await here.headroom.usage(workspace)).meters.find(({ meter }) => meter === 'email_sends')!
  let [entries, sum] = [0, 0]
  for await (const entry of here.headroom.ledgerEntries(workspace, { meter: 'email_sends' })) {
    if (entry.kind !== 'use') continue
    entries += 1
    sum += entry.change.used
  }
  return { used, overage, entries, sum }
}
