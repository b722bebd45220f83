import type { Store } from './store.ts'

const newest = 1_000

/** Everything, by kind, the newest 1,000 of each and newest first; the settings; how many deliveries there are in each state. */
export async function stateOf(store: Store): Promise<object> {
  const { rows: objects } = await store.pool.query<{ kind: string; bodies: object[] }>(
    `select   kinds.kind, newest.bodies
     from     (select distinct kind from stripe_simulator.objects) as kinds
     cross join lateral (
       select json_agg(body order by seq desc) as bodies
       from   (select   body, seq
               from     stripe_simulator.objects
               where    kind = kinds.kind
               order by seq desc
               limit    ${newest}) as latest
     ) as newest
     order by kinds.kind`,
  )
  const { rows: deliveries } = await store.pool.query<{ state: string; count: number }>(
    'select state, count(*)::integer as count from stripe_simulator.deliveries group by state',
  )
  return {
    objects: Object.fromEntries(objects.map(({ kind, bodies }) => [kind, bodies])),
    settings: await store.settings(),
    deliveries: {
      waiting: 0,
      delivered: 0,
      dropped: 0,
      failed: 0,
      ...Object.fromEntries(deliveries.map(({ state, count }) => [state, count])),
    },
  }
}
