/** Endpoints as the API keeps them. Events go to the one of the simulator's options all the same, signed with its secret. */
import { noSuch } from './fault.ts'
import type { Params } from './form.ts'
import { listOf, listParams } from './lists.ts'
import { changedMetadata, metadataOf } from './metadata.ts'
import type { SimRoute } from './route.ts'
import type { Kinds, Tx } from './wire.ts'

type Endpoint = Kinds['webhook_endpoint']

export const webhookEndpointRoutes: SimRoute[] = [
  {
    method: 'POST',
    path: '/v1/webhook_endpoints',
    takes: ['url', 'enabled_events', 'api_version', 'description', 'metadata'],
    async handle(tx, { params }) {
      const endpoint: Endpoint = {
        id: tx.id('we_'),
        object: 'webhook_endpoint',
        api_version: params.optionalText('api_version') ?? null,
        application: null,
        created: tx.now,
        description: params.optionalText('description') ?? null,
        enabled_events: params.texts('enabled_events'),
        livemode: false,
        metadata: metadataOf(params),
        status: 'enabled',
        url: params.text('url'),
      }
      await tx.put('webhook_endpoint', endpoint)
      // The only time that Stripe tells it.
      return { ...endpoint, secret: `whsec_${tx.id('s_').slice(2)}` }
    },
  },
  {
    method: 'GET',
    path: '/v1/webhook_endpoints',
    takes: listParams,
    handle: (tx, { params }) => listOf(tx, 'webhook_endpoint', '/v1/webhook_endpoints', params, []),
  },
  {
    method: 'GET',
    path: '/v1/webhook_endpoints/:id',
    takes: [],
    handle: (tx, { ids }) => endpointOf(tx, ids.id ?? ''),
  },
  {
    method: 'POST',
    path: '/v1/webhook_endpoints/:id',
    takes: ['url', 'enabled_events', 'description', 'metadata', 'disabled'],
    async handle(tx, { ids, params }) {
      const changed = change(await endpointOf(tx, ids.id ?? ''), params)
      await tx.put('webhook_endpoint', changed)
      return changed
    },
  },
  {
    method: 'DELETE',
    path: '/v1/webhook_endpoints/:id',
    takes: [],
    async handle(tx, { ids }) {
      const { id, object } = await endpointOf(tx, ids.id ?? '')
      await tx.remove('webhook_endpoint', id)
      return { id, object, deleted: true }
    },
  },
]

async function endpointOf(tx: Tx, id: string): Promise<Endpoint> {
  const endpoint = await tx.get('webhook_endpoint', id)
  if (!endpoint) throw noSuch('webhook_endpoint', id)
  return endpoint
}

function change(endpoint: Endpoint, params: Params): Endpoint {
  const disabled = params.flag('disabled') ?? endpoint.status === 'disabled'
  return {
    ...endpoint,
    description: params.has('description') ? (params.optionalText('description') ?? null) : endpoint.description,
    enabled_events: params.has('enabled_events') ? params.texts('enabled_events') : endpoint.enabled_events,
    metadata: changedMetadata(endpoint.metadata, params),
    status: disabled ? 'disabled' : 'enabled',
    url: params.optionalText('url') ?? endpoint.url,
  }
}
