/** A campaign that fails for a reason of ours: tried again a few times, then it stands still until a person resumes it. */
import type { Context } from '../context.ts'
import type { Job } from '../queue.ts'

/** In a row. A process that is killed is no failure of its campaigns, however often. */
const mostFailures = 5

export async function noteFailure({ database, log }: Context, { workspaceId, id }: Job): Promise<void> {
  const { rowCount } = await database.query(
    `with failed as (
       update ken.sendings set failures = failures + 1 where workspace_id = $1 and campaign_id = $2 returning failures
     )
     update ken.campaigns c set state = 'error'
       from failed f
      where c.workspace_id = $1 and c.id = $2 and c.state = 'sending' and f.failures > $3`,
    [workspaceId, id, mostFailures],
  )
  if (rowCount === 1) log('error', { campaign: id }, 'a campaign failed several times in a row and stands still')
}

/** It came to the end of a turn: what failed before is over. */
export async function noteRun({ database }: Context, { workspaceId, id }: Job): Promise<void> {
  await database.query(
    'update ken.sendings set failures = 0 where workspace_id = $1 and campaign_id = $2 and failures > 0',
    [workspaceId, id],
  )
}
