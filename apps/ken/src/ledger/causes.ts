/** What caused an entry and who asked for it, in Ken's words: a campaign's name says more than the id of a reservation. */
import { NotFound, type EntryWire, type PurchaseWire } from '@headroom/sdk'
import type { Context } from '../context.ts'

export interface Cause {
  text: string
  /** Where in Ken it can be looked at. */
  href: string | null
}

/** An entry as the ledger page shows it. */
export interface LedgerRow extends EntryWire {
  cause: Cause
  by: string
}

/** Tells the causes of one workspace's entries; what it has looked up once it keeps, so an export asks for each name once. */
export class Causes {
  readonly #context: Context
  readonly #workspace: string
  readonly #known = new Map<string, Cause>()
  readonly #people = new Map<string, string>()
  #plans: Map<string, string> | null = null

  constructor(context: Context, workspace: string) {
    this.#context = context
    this.#workspace = workspace
  }

  async of(entries: readonly EntryWire[]): Promise<LedgerRow[]> {
    await Promise.all([
      this.#learnPlans(),
      this.#learnPurchases(entries),
      this.#learnWork(entries),
      this.#learnPeople(entries),
    ])
    return entries.map((entry) => ({ ...entry, cause: this.#causeOf(entry), by: this.#byOf(entry.actor) }))
  }

  #causeOf({ source: { type, id } }: EntryWire): Cause {
    const known = this.#known.get(id)
    switch (type) {
      case 'plan':
        return { text: this.#plans?.get(id) ?? `Plan ${id}`, href: null }
      case 'operator':
        return { text: 'Headroom’s operator', href: null }
      case 'purchase':
        return known ?? { text: `Purchase ${id}`, href: null }
      case 'reservation':
        return known ?? { text: `Reservation ${id}`, href: null }
      case 'use':
        return known ?? { text: id, href: null }
    }
  }

  /** Members by their names; what time does is booked by Headroom, a subscription by Stripe, our own work by the key Ken asks with. */
  #byOf(actor: string): string {
    if (actor === 'headroom') return 'Headroom'
    if (actor === 'stripe') return 'Stripe'
    return this.#people.get(actor) ?? (actor.startsWith('key_') ? 'Ken' : actor)
  }

  async #learnPlans(): Promise<void> {
    if (this.#plans !== null) return
    const { plans } = await this.#context.headroom.catalog()
    this.#plans = new Map(plans.map(({ id, name }) => [id, name]))
  }

  async #learnPurchases(entries: readonly EntryWire[]): Promise<void> {
    await Promise.all(this.#new(entries, 'purchase').map((id) => this.#learnPurchase(id)))
  }

  async #learnPurchase(id: string): Promise<void> {
    const purchase = await this.#context.headroom.purchases
      .get(this.#workspace, id)
      .catch((error: unknown): PurchaseWire | null => {
        if (error instanceof NotFound) return null
        throw error
      })
    const text = purchase?.receipt ? `Receipt ${purchase.receipt.number}` : `Purchase ${id}`
    this.#known.set(id, { text, href: purchase && `/settings/billing/ledger?find=${encodeURIComponent(id)}` })
  }

  /** Reservations are made by imports under their own ids and by builds under `build_<id>_<n>`; uses by the name a campaign sends under. */
  async #learnWork(entries: readonly EntryWire[]): Promise<void> {
    const ids = [...this.#new(entries, 'reservation'), ...this.#new(entries, 'use')]
    if (ids.length === 0) return
    const { rows } = await this.#context.database.query<{
      id: string
      kind: keyof typeof work
      /** Null where two campaigns send under one name. */
      of: string | null
      name: string
    }>(
      `select i.id, 'import' as kind, c.id as of, c.name
         from ken.imports i join ken.campaigns c on c.workspace_id = i.workspace_id and c.id = i.campaign_id
        where i.workspace_id = $1 and i.id = any($2)
       union all
       select s.reference, 'sending', case when count(*) = 1 then min(s.campaign_id) end, s.reference
         from ken.sendings s where s.workspace_id = $1 and s.reference = any($2) group by s.reference
       union all
       select asked.id, 'build', b.id, b.name
         from unnest($2::text[]) asked (id)
         join ken.builds b on b.workspace_id = $1 and b.id = substring(asked.id from '^build_(.+)_[0-9]+$')`,
      [this.#workspace, ids],
    )
    for (const { id, kind, of, name } of rows) this.#known.set(id, work[kind](of, name))
  }

  async #learnPeople(entries: readonly EntryWire[]): Promise<void> {
    const actors = [...new Set(entries.map(({ actor }) => actor))].filter((actor) => !this.#people.has(actor))
    const people = actors.length === 0 ? [] : await this.#context.auth.people(actors)
    for (const { id, name } of people) this.#people.set(id, name)
  }

  #new(entries: readonly EntryWire[], type: EntryWire['source']['type']): string[] {
    const ids = entries.filter(({ source }) => source.type === type).map(({ source }) => source.id)
    return [...new Set(ids)].filter((id) => !this.#known.has(id))
  }
}

const work = {
  import: (id: string | null, name: string): Cause => ({ text: `Import into “${name}”`, href: `/campaigns/${id}` }),
  sending: (id: string | null, name: string): Cause => ({
    text: `Mails of “${name}”`,
    href: id && `/campaigns/${id}`,
  }),
  build: (id: string | null, name: string): Cause => ({
    text: `AI build “${name}”`,
    href: `/campaigns/build?build=${id}`,
  }),
}
