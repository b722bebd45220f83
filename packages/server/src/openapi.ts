/** The OpenAPI 3.1 document, generated from the routes and the schemas that validate them. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import * as answers from './answers.ts'
import type { Right } from './auth.ts'
import { id, meterId } from './fields.ts'
import { delivery } from './purchase-answers.ts'
import type { AnswerDocument, Route } from './route.ts'
import { webhookPath } from './webhook.ts'

const description = `Headroom keeps the usage, credits and limits of a workspace's meters: reserve before work starts, commit what was
used, and the books never pass the limit.

- **Instants** are RFC 3339 UTC, **money** is integer cents, **quantities** are JSON integers, a \`null\` limit is unlimited.
- **Errors** are problem documents (RFC 9457) with a \`code\`; their titles and texts may change, codes do not.
- **Idempotency-Key** (1-255 visible ASCII) on any POST: the same key and body answer the first status and body again, byte for byte, with \`Idempotent-Replayed: true\`. Another body: 422 \`idempotency_mismatch\`. Kept for 30 days and more.
- **Headroom-Viewer** (\`<role>[;<viewerId>]\`), with a key: for whom you ask. It resolves \`actions\` and is the ledger's \`actor\`; it takes no right from the key.
- **Ids** are text of 1-100 of \`A-Z a-z 0-9 _ -\`. What is unknown and what is another workspace's answer alike: 404.
- **Numbers** are what JSON says they are: \`1e3\` is 1000. Decimals, text and numbers beyond the range are refused.`

type PathConfig = Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0]
type Responses = PathConfig['responses']

export function openApiDocument(routes: Route[], build: string): object {
  const app = new OpenAPIHono()
  const registry = app.openAPIRegistry
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'A secret key of a backend (`hr_sk_…`) or a short-lived browser token (`hr_bt_…`).',
  })
  for (const route of routes) registry.registerPath(pathOf(route))
  const others = routes.some(({ tag }) => tag === 'Purchases') ? [webhook, ...operations] : operations
  for (const path of others) registry.registerPath(path)
  const names = new Set([...routes, ...others].flatMap((path) => ('tag' in path ? path.tag : path.tags!)))
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Headroom',
      version: build,
      description,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...names].map((name) => ({ name, description: tagTexts[name] ?? name })),
  })
}

const tagTexts: Record<string, string> = {
  Workspaces: 'The tenants that share one pool of balances.',
  Usage: 'What is used, reserved and left, and counting without a reservation.',
  Reservations: 'Quantities set aside together before work starts.',
  Batch: 'Many operations in one request.',
  Grants: 'Additions to a meter in a period.',
  Ledger: 'Every change there ever was, and what it comes to.',
  Catalog: 'Meters, plans, add-ons and prices.',
  Purchases: 'What is bought, paid on the payment provider’s own pages and granted once.',
  Tokens: 'Short-lived tokens for browsers.',
  Keys: 'Secret keys for backends.',
  'Test clock': 'Time as a test wants it.',
  Operations: 'For whoever runs the server.',
}

const rights: Record<Right, string> = {
  look: 'Any key or token that may see the workspace.',
  books: 'Keys, and tokens of an Admin.',
  money: 'Keys with scope `full`, and tokens of an Admin.',
  write: 'Keys with scope `full`.',
  unbound: 'Keys with scope `full` that are bound to no workspace.',
}

function pathOf(route: Route): PathConfig {
  const { name, method, path, tag, summary, right } = route
  const params = Object.fromEntries(
    [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name!, name === 'meter' ? meterId : id]),
  )
  const body = route.bodyDocument ?? route.body
  return {
    method,
    path,
    operationId: name,
    tags: [tag],
    summary,
    description: [route.description, `For: ${rights[right]}`].filter(Boolean).join('\n\n'),
    security: [{ bearer: [] }],
    request: {
      ...(Object.keys(params).length > 0 && { params: z.object(params) }),
      ...(route.query && { query: route.query }),
      headers: headersOf(route),
      ...(body && { body: { required: !route.bodyMayBeEmpty, content: { 'application/json': { schema: body } } } }),
    },
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [status, responseOf(Number(status), answer)]),
      ),
      ...problemsOf(route),
    },
  }
}

const viewerHeader = z
  .string()
  .optional()
  .openapi({ description: 'For whom a key asks: `<role>[;<viewerId>]`.', example: 'editor;user_42' })
const keyHeader = z.string().optional().openapi({
  description: 'Names this request: asked again with it, the answer is the first one.',
  minLength: 1,
  maxLength: 255,
})

const headersOf = ({ method, name }: Route) =>
  z.object({
    'Headroom-Viewer': viewerHeader,
    ...(method === 'post' && name !== 'batch' && { 'Idempotency-Key': keyHeader }),
  })

function responseOf(status: number, { description, schema, mediaType, headers }: AnswerDocument): Responses[string] {
  const type = mediaType ?? (status >= 400 ? 'application/problem+json' : 'application/json')
  const content = schema ? { [type]: { schema } } : mediaType ? { [mediaType]: { schema: z.string() } } : undefined
  return { description, ...(headers && { headers }), ...(content && { content }) }
}

const problem = (description: string, retry = false): Responses[string] => ({
  description,
  ...(retry && { headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } } }),
  content: { 'application/problem+json': { schema: answers.problem } },
})

/** What every route may answer beside its own. */
function problemsOf({ body, path }: Route): Responses {
  return {
    400: problem('Malformed: the body, or the query (`invalid_request`).'),
    401: problem('No valid key or token (`unauthenticated`).'),
    403: problem('The key or token may not do that (`forbidden`).'),
    ...(path.includes('{') && { 404: problem('Not there, or not for this caller (`not_found`).') }),
    ...(body && {
      413: problem('The body is too large (`too_large`).'),
      415: problem('The body is not application/json (`unsupported_media_type`).'),
    }),
    422: problem('Well-formed and not valid: `errors` names each field (`invalid_request`, or a code of this route).'),
    429: problem('Too many requests (`rate_limited`).', true),
    500: problem('A fault of ours (`internal`).'),
    503: problem('Not available: the detail says whether the outcome is known (`unavailable`).', true),
  }
}

const operation = (path: string, name: string, summary: string, responses: Responses): PathConfig => ({
  method: 'get',
  path,
  operationId: name,
  tags: ['Operations'],
  summary,
  security: [],
  responses: {
    ...responses,
    400: problem('Malformed request (`invalid_request`).'),
    500: problem('A fault of ours (`internal`).'),
  },
})

const webhook: PathConfig = {
  method: 'post',
  path: webhookPath,
  operationId: 'webhook',
  tags: ['Purchases'],
  summary: 'Take a delivery of Stripe',
  description:
    'For Stripe alone: the signature over the bytes of the body says so, and no key helps. Answered only once the delivery is stored; what it means is worked off afterwards, once, whatever comes twice or late.',
  security: [],
  request: {
    headers: z.object({
      'Stripe-Signature': z.string().openapi({ description: 'When it was sent, and signed by which secret.' }),
    }),
    body: { required: true, content: { 'application/json': { schema: z.looseObject({}) } } },
  },
  responses: {
    200: responseOf(200, { description: 'Stored, or known already.', schema: delivery }),
    400: problem('Not signed by a secret of ours, or too long ago (`invalid_request`).'),
    413: problem('The body is larger than 1 MB (`too_large`).'),
    415: problem('The body is compressed (`unsupported_media_type`).'),
    500: problem('A fault of ours (`internal`).'),
    503: problem('It could not be stored: send it again (`unavailable`).', true),
  },
}

const healthy: AnswerDocument = { description: 'It is.', schema: answers.health }
const operations: PathConfig[] = [
  operation('/healthz', 'healthz', 'Is the process alive?', { 200: responseOf(200, healthy) }),
  operation('/readyz', 'readyz', 'May it be sent requests?', {
    200: responseOf(200, healthy),
    503: problem('Not now (`unavailable`).', true),
  }),
  operation('/metrics', 'metrics', 'Figures in Prometheus’ text format', {
    200: responseOf(200, { description: 'The figures.', mediaType: 'text/plain' }),
  }),
]
