/**
 * How sending and Headroom agree: each mail the mail server took is one use, recorded under the mail's own id. Noted as counted
 * afterwards, so that what was told and not noted is told again and counts once. Recorded, not asked for: no limit stops a campaign.
 */
import { emailSends, type Context } from '../context.ts'
import type { Queryable } from '../database.ts'
import { isPassing } from '../passing.ts'
import type { Job } from '../queue.ts'

const batchUses = 200
const restMs = 250
const restAfterFaultMs = 5_000

/** Tells Headroom, beside the sending: at most one request at a time, and Headroom being away holds up no mail. */
export class Uses {
  readonly #context: Context
  readonly #job: Job
  readonly #signal: AbortSignal
  #telling: Promise<void> | null = null
  #restUntil = 0
  #failure: unknown = null

  constructor(context: Context, job: Job, signal: AbortSignal) {
    this.#context = context
    this.#job = job
    this.#signal = signal
  }

  /** Begins to tell what has not been told, unless it is at it or rests. Throws what went wrong last time, other than Headroom being away. */
  begin(): void {
    if (this.#failure !== null) throw this.#failure as Error
    if (this.#telling || Date.now() < this.#restUntil) return
    this.#telling = this.#tell().finally(() => (this.#telling = null))
  }

  /** Tells all there is to tell now. */
  async finish(): Promise<void> {
    await this.#telling
    this.#restUntil = 0
    this.begin()
    await this.#telling
    if (this.#failure !== null) throw this.#failure as Error
  }

  async #tell(): Promise<void> {
    this.#restUntil = Date.now() + restMs
    try {
      let told = batchUses
      while (told === batchUses && !this.#signal.aborted) told = await this.#tellSome()
    } catch (error) {
      if (this.#signal.aborted) return
      if (!isPassing(error)) this.#failure = error
      this.#rest(String(error))
    }
  }

  #rest(fault: string): void {
    this.#restUntil = Date.now() + restAfterFaultMs
    this.#context.log('warn', { campaign: this.#job.id, error: fault }, 'mails were sent and could not be counted yet')
  }

  async #tellSome(): Promise<number> {
    const { database, headroom } = this.#context
    const { workspaceId } = this.#job
    const ids = await uncounted(database, this.#job)
    if (ids.length === 0) return 0
    const reference = await referenceOf(database, this.#job)
    const results = await headroom.batch(
      ids.map((id) => ({
        op: 'use' as const,
        workspace: workspaceId,
        idempotencyKey: id,
        lines: [{ meter: emailSends, quantity: 1 }],
        mode: 'record' as const,
        reference,
      })),
      { signal: this.#signal, timeoutMs: 5_000, maxRetries: 0 },
    )
    const booked = ids.filter((_id, index) => results[index]?.status === 200)
    await noteCounted(database, workspaceId, booked)
    if (booked.length === ids.length) return booked.length
    const refused = results.find(({ status }) => status !== 200)
    this.#rest(JSON.stringify(refused?.body ?? null))
    return 0
  }
}

async function uncounted(database: Queryable, { workspaceId, id }: Job): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select id from ken.sends
      where workspace_id = $1 and campaign_id = $2 and state = 'accepted' and counted_at is null order by id limit $3`,
    [workspaceId, id, batchUses],
  )
  return rows.map((row) => row.id)
}

/** What a person reads in the explanation of the meter: the campaign's name as it was first launched. */
async function referenceOf(database: Queryable, { workspaceId, id }: Job): Promise<string> {
  const { rows } = await database.query<{ reference: string }>(
    'select reference from ken.sendings where workspace_id = $1 and campaign_id = $2',
    [workspaceId, id],
  )
  return rows[0]!.reference
}

async function noteCounted(database: Queryable, workspaceId: string, ids: string[]): Promise<void> {
  await database.query(
    'update ken.sends set counted_at = now() where workspace_id = $1 and id = any($2) and counted_at is null',
    [workspaceId, ids],
  )
}
