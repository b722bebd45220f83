/** One request of Stripe's API, from its key to its answer. */
import { createHash } from 'node:crypto'
import { badParameter, StripeFault, type StripeErrorBody } from './fault.ts'
import { present } from './expand.ts'
import { decodeForm, type Params } from './form.ts'
import { keepAnswer, keptAnswer, type Answer } from './idempotency.ts'
import type { SimRoute } from './route.ts'
import { settleDue } from './settle.ts'
import type { Store } from './store.ts'
import { apiVersion, type StoreTx } from './store-tx.ts'

interface Asked {
  requestId: string
  idempotencyKey: string | null
  /** Same hash: same request. */
  hash: string
  params: Params
}

/** Answers as Stripe does, errors included; never rejects for what a caller sent. */
export async function answerApi(
  store: Store,
  route: SimRoute,
  request: Request,
  ids: Record<string, string>,
): Promise<Response> {
  const requestId = `req_${crypto.randomUUID().replaceAll('-', '').slice(0, 14)}`
  try {
    const asked = await read(request, route, requestId)
    const { answer, replayed } = await store.transaction((tx) => work(tx, route, asked, ids), {
      requestId,
      idempotencyKey: asked.idempotencyKey,
    })
    return respond(answer.status, answer.body, {
      'Request-Id': requestId,
      ...(asked.idempotencyKey === null ? {} : { 'Idempotency-Key': asked.idempotencyKey }),
      ...(replayed ? { 'Idempotent-Replayed': 'true', 'Original-Request': answer.requestId } : {}),
    })
  } catch (fault) {
    if (!(fault instanceof StripeFault)) throw fault
    return faultResponse(fault, requestId)
  }
}

export function faultResponse(fault: StripeFault, requestId: string): Response {
  return respond(fault.status, JSON.stringify({ error: errorOf(fault, requestId) }), { 'Request-Id': requestId })
}

async function read(request: Request, route: SimRoute, requestId: string): Promise<Asked> {
  authenticate(request)
  const version = request.headers.get('stripe-version')
  if (version !== null && version !== apiVersion) {
    throw badParameter('Stripe-Version', `Invalid Stripe API version: ${version}. This is ${apiVersion}.`)
  }
  const url = new URL(request.url)
  const form = route.method === 'POST' ? await request.text() : url.search.slice(1)
  const params = decodeForm(form)
  const unknown = params.names().find((name) => name !== 'expand' && !route.takes.includes(name))
  if (unknown !== undefined) {
    throw badParameter(unknown, `Received unknown parameter: ${unknown}`, 'parameter_unknown')
  }
  const hash = createHash('sha256').update(`${request.method} ${url.pathname}\n${form}`).digest('hex')
  const idempotencyKey = route.method === 'POST' ? request.headers.get('idempotency-key') : null
  return { requestId, idempotencyKey, hash, params }
}

function authenticate(request: Request): void {
  const given = request.headers.get('authorization')
  const key = given === null ? '' : given.replace(/^Bearer /, '')
  if (key === '') {
    throw new StripeFault(401, {
      type: 'invalid_request_error',
      message:
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    })
  }
  if (!/^[sr]k_\w{2,}/.test(key)) {
    throw new StripeFault(401, {
      type: 'invalid_request_error',
      message: `Invalid API Key provided: ${key.slice(0, 7)}****`,
    })
  }
}

async function work(
  tx: StoreTx,
  route: SimRoute,
  asked: Asked,
  ids: Record<string, string>,
): Promise<{ answer: Answer; replayed: boolean }> {
  const { idempotencyKey: key, hash, params, requestId } = asked
  const kept = key === null ? undefined : await keptAnswer(tx, key, hash)
  if (kept !== undefined) return { answer: kept, replayed: true }
  await settleDue(tx)
  const answer = await attempt(tx, route, params, ids, requestId)
  if (key !== null) await keepAnswer(tx, key, hash, answer)
  return { answer, replayed: false }
}

/** A decline is an answer like another: it is kept, and so is what it did. */
async function attempt(
  tx: StoreTx,
  route: SimRoute,
  params: Params,
  ids: Record<string, string>,
  requestId: string,
): Promise<Answer> {
  try {
    const found = await route.handle(tx, { ids, params })
    const body = await present(tx, found, params.texts('expand'))
    return { status: 200, body: JSON.stringify(body, null, 2), requestId }
  } catch (fault) {
    if (!(fault instanceof StripeFault) || fault.status !== 402) throw fault
    return { status: 402, body: JSON.stringify({ error: errorOf(fault, requestId) }), requestId }
  }
}

function errorOf(fault: StripeFault, requestId: string): StripeErrorBody & { request_log_url: string } {
  return { ...fault.error, request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}` }
}

function respond(status: number, body: string, headers: Record<string, string>): Response {
  return new Response(body, {
    status,
    headers: { 'Content-Type': 'application/json', 'Stripe-Version': apiVersion, ...headers },
  })
}
