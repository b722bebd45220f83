/** The quiet end of a run: both servers anew, every purchase looked at, and time for what is due. Then nothing is on its way any more. */
import type pg from 'pg'
import type { Caller } from './caller.ts'
import { connectChecker, readAll, type Snapshot } from './checker/rows.ts'
import { setClock } from './clock.ts'
import { untilReady } from './server-process.ts'
import type { Stage } from './stage.ts'
import type { World } from './world.ts'

/** How long the product may work off what is due. */
const graceMs = 45_000

const waiting = 'select count(*) from inbox where state = 0'
const overdue = `select count(*) from reservations where state = 0 and expires_at <= (select now from test_clock)`

export interface Rest {
  snapshot: Snapshot
  /** Who pays for which workspace, at Stripe. */
  customers: Map<string, string>
}

export async function comeToRest(stage: Stage, world: World, operator: Caller): Promise<Rest> {
  for (const server of stage.servers) server.onEnd = () => {}
  await Promise.all(stage.servers.map((server) => server.stop()))
  for (const server of stage.servers) server.start()
  await Promise.all(stage.servers.map(({ port }) => untilReady(port, graceMs)))
  const client = await connectChecker(stage.adminUrl)
  try {
    await setClock(world, operator, { advance: 'PT1H' })
    await lookAtPurchases(client, operator)
    await untilNone(client, waiting)
    // Nobody asks about any workspace now: what is overdue is the sweeper's.
    await setClock(world, operator, { advance: 'P2D' })
    await untilNone(client, overdue)
    await untilNone(client, waiting)
    return await readWhole(client)
  } finally {
    await client.end()
  }
}

/** As the page does to which people come back: what was lost on its way is found now, and need not be waited for. */
async function lookAtPurchases(client: pg.Client, operator: Caller): Promise<void> {
  const { rows } = await client.query<{ workspace: string; id: string }>(
    'select workspace_id as workspace, id from purchases',
  )
  for (const { workspace, id } of rows) {
    const path = `/v1/workspaces/${workspace}/purchases/${id}/reconcile`
    await operator.call(workspace, 'reconcile', { method: 'POST', path, body: {} })
  }
}

/** What has not come about by then is a violation that the checker finds. */
async function untilNone(client: pg.Client, counting: string): Promise<void> {
  for (const last = Date.now() + graceMs; Date.now() < last;) {
    const { rows } = await client.query<{ count: string }>(counting)
    if (rows[0]!.count === '0') return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function readWhole(client: pg.Client): Promise<Rest> {
  const { rows } = await client.query<{ workspace_id: string; customer: string }>(
    'select workspace_id, customer from customers where customer is not null',
  )
  return {
    snapshot: await readAll(client),
    customers: new Map(rows.map(({ workspace_id, customer }) => [workspace_id, customer])),
  }
}
