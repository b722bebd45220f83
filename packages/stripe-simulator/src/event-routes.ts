import { noSuch } from './fault.ts'
import { listOf, listParams } from './lists.ts'
import { anyOf } from './products.ts'
import type { SimRoute } from './route.ts'

/** What has happened, newest first: also what was never delivered. */
export const eventRoutes: SimRoute[] = [
  {
    method: 'GET',
    path: '/v1/events',
    takes: [...listParams, 'type', 'types', 'delivery_success'],
    handle: (tx, { params }) =>
      listOf(tx, 'event', '/v1/events', params, ['type'], anyOf('type', params.texts('types'))),
  },
  {
    method: 'GET',
    path: '/v1/events/:id',
    takes: [],
    async handle(tx, { ids }) {
      const event = await tx.get('event', ids.id ?? '')
      if (!event) throw noSuch('event', ids.id ?? '')
      return event
    },
  },
]
