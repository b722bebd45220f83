import { catalogWire } from '@headroom/core'
import * as answers from '../answers.ts'
import { ok, route } from '../route.ts'

export const catalog = [
  route({
    name: 'getCatalog',
    method: 'get',
    path: '/v1/catalog',
    tag: 'Catalog',
    summary: 'Meters, plans, add-ons and prices',
    right: 'look',
    answers: { 200: { description: 'The catalog new periods start from.', schema: answers.catalog } },
    handle: ({ engine }) => Promise.resolve(ok(catalogWire(engine.catalog))),
  }),
]
