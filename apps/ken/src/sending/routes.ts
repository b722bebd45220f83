/** Sequences, sending, and the doors through which recipients reach us. */
import * as z from 'zod'
import { Problem } from '../http/problem.ts'
import { jsonBody, parameter } from '../http/request.ts'
import { empty, json, member, open, worker, type Asked, type Route } from '../http/route.ts'
import type { Context } from '../context.ts'
import type { Member } from '../people/session.ts'
import {
  endSubscription,
  inboundMail,
  mustBeInbound,
  readSubscription,
  receiveMail,
  recipientAnswer,
  replyAsRecipient,
  unsubscribeAsRecipient,
} from './inbound.ts'
import { launch, pause, replaceSequence, resume, setSchedule, showSequence } from './launch.ts'
import { listRecipients, recipientStates } from './recipients.ts'
import { schedule } from './schedule.ts'
import { sequence } from './sequence.ts'
import { showSending } from './show.ts'

/** An answer quotes what it answers, and that again. */
const longestMailBytes = 1_000_000

const nothing = z.strictObject({})
const launchRequest = z.strictObject({ schedule: schedule.optional() })
const scheduleRequest = z.strictObject({ schedule })
const sequenceRequest = z.strictObject({ steps: sequence })

/** A mail program's own unsubscribe button (RFC 8058); the same path with GET is a page. */
export const isOneClick = (method: string, path: string): boolean =>
  method === 'POST' && /^\/unsubscribe\/[^/]+$/.test(path)

type Doing = (context: Context, member: Member, campaignId: string) => Promise<void>

/** Does something with a campaign's sending and answers how it stands then. */
const then =
  (work: Doing) =>
  async (context: Context, { member: doer, id, request }: Asked & { member: Member }) => {
    await jsonBody(request, nothing)
    await work(context, doer, id)
    return json(await showSending(context, doer, id))
  }

export const sendingRoutes: Route[] = [
  member('GET', '/api/campaigns/:id/sequence', async (context, asked) =>
    json(await showSequence(context, asked.member, asked.id)),
  ),
  worker('PUT', '/api/campaigns/:id/sequence', async (context, asked) => {
    const { steps } = await jsonBody(asked.request, sequenceRequest)
    await replaceSequence(context, asked.member, asked.id, steps)
    return json(await showSequence(context, asked.member, asked.id))
  }),
  member('GET', '/api/campaigns/:id/sending', async (context, asked) =>
    json(await showSending(context, asked.member, asked.id)),
  ),
  worker('POST', '/api/campaigns/:id/launch', async (context, asked) => {
    const wanted = await jsonBody(asked.request, launchRequest)
    await launch(context, asked.member, asked.id, wanted.schedule ?? null)
    return json(await showSending(context, asked.member, asked.id))
  }),
  worker('POST', '/api/campaigns/:id/pause', then(pause)),
  worker('POST', '/api/campaigns/:id/resume', then(resume)),
  worker('PUT', '/api/campaigns/:id/schedule', async (context, asked) => {
    const wanted = await jsonBody(asked.request, scheduleRequest)
    await setSchedule(context, asked.member, asked.id, wanted.schedule)
    return json(await showSending(context, asked.member, asked.id))
  }),
  member('GET', '/api/campaigns/:id/recipients', async (context, { member: reader, id, url }) => {
    const given = parameter(url, 'state') ?? ''
    const state = recipientStates.find((one) => one === given) ?? null
    if (given !== '' && state === null) {
      const message = `One of ${recipientStates.join(', ')}.`
      throw new Problem('invalid_request', `The state is one of ${recipientStates.join(', ')}.`, {
        errors: [{ path: 'state', message }],
      })
    }
    return json(await listRecipients(context, reader, id, { state, cursor: parameter(url, 'cursor') }))
  }),
  worker('POST', '/api/mails/:id/reply', async (context, asked) => {
    const { text } = await jsonBody(asked.request, recipientAnswer)
    await replyAsRecipient(context, asked.member, asked.id, text)
    return empty()
  }),
  worker('POST', '/api/mails/:id/unsubscribe', async (context, asked) => {
    await jsonBody(asked.request, nothing)
    await unsubscribeAsRecipient(context, asked.member, asked.id)
    return empty()
  }),
  open('POST', '/api/inbound-mail', async (context, { request }) => {
    mustBeInbound(context, request)
    await receiveMail(context, await jsonBody(request, inboundMail, longestMailBytes))
    return empty()
  }),
  open('GET', '/api/unsubscribe/:id', async (context, { id }) => json(await readSubscription(context, id))),
  open('POST', '/api/unsubscribe/:id', async (context, { id }) => json(await endSubscription(context, id))),
  // The body says List-Unsubscribe=One-Click, in one of two encodings: the path says all there is to know.
  open('POST', '/unsubscribe/:id', async (context, { id }) => json(await endSubscription(context, id))),
]
