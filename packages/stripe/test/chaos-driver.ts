/** Many buyers at once, a Stripe that tells late, twice, out of order or not at all, and a server that dies now and then. */
import type { Chance } from '../../../torture/chance.ts'
import { sessionOf, type Stage } from './chaos-stage.ts'
import { tell, type Step, type Story } from './chaos-stories.ts'

/** A purchase as the driver knows it. */
export interface Played {
  story: string
  workspace: string
  purchase: string
  session: string
  totalCents: number
}

export interface Shop {
  id: string
  plan: string
  contacts: number | null
  sells: string[]
}

const everything = ['leads', 'email_sends', 'ai_campaigns']
const plans = [
  { plan: 'free', contacts: null, sells: everything },
  { plan: 'starter', contacts: 1_000, sells: everything },
  { plan: 'growth', contacts: 5_000, sells: everything },
  { plan: 'dfy', contacts: 10_000, sells: ['leads'] },
] as const

/** Events come 1 to 6 times, up to this late by the clock; one in ten never. */
const latestHours = 72
const dropped = 0.1
const perWave = 50
const atOnce = 12
/** About this many waves see the server die. */
const deadly = 0.4
/** Stripe fails in about so many, for longer than it is patiently asked again. */
const shaky = 0.5
const shakyMs = 1_500

export class Driver {
  readonly #stage: Stage
  readonly #chance: Chance
  readonly #size: number
  readonly played = new Map<string, Played>()
  readonly shops: Shop[] = []

  constructor(stage: Stage, chance: Chance, size: number) {
    this.#stage = stage
    this.#chance = chance
    this.#size = size
  }

  async play(shops: number): Promise<void> {
    await this.#openShops(shops)
    let running: Story[] = []
    for (let told = 0; told < this.#size || running.length > 0;) {
      const fresh = Array.from({ length: Math.min(perWave, this.#size - told) }, (_, index) =>
        tell(this.#chance, told + index, this.shops),
      )
      told += fresh.length
      running = await this.#wave([...running, ...fresh])
    }
    await this.#letCome()
  }

  /** What was held back comes now, in the same weather; what was dropped never does. */
  async #letCome(): Promise<void> {
    const stepHours = 24
    for (let hours = 0; hours <= latestHours; hours += stepHours) {
      await this.#stage.advance(stepHours)
      await this.#shake(this.#chance.whole(0, 300))
      await pause(300)
      if (hours === 0) await this.#kill(0)
    }
  }

  async #openShops(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const { plan, contacts, sells } = plans[index % plans.length]!
      const id = `ws_chaos_${index}`
      await this.#stage.headroom.workspaces.create({ id, name: id, plan, contacts })
      this.shops.push({ id, plan, contacts, sells: [...sells] })
    }
  }

  /** Some steps of each story under one weather; answers those that go on. */
  async #wave(stories: Story[]): Promise<Story[]> {
    const chance = this.#chance
    await this.#stage.sim('webhooks', {
      duplicate: chance.whole(0, 5),
      delayMs: chance.share() < 0.3 ? 0 : chance.whole(0, latestHours * 3_600_000),
      reorder: true,
      drop: dropped,
    })
    // Drawn before anything runs: how it interleaves changes nothing of what is played.
    const queue = stories.map((story) => ({ story, steps: chance.whole(1, 4) }))
    const [killAfterMs, shakeAfterMs] = [chance.whole(0, 600), chance.whole(0, 400)]
    const storms = [
      ...(chance.share() < deadly ? [this.#kill(killAfterMs)] : []),
      ...(chance.share() < shaky ? [this.#shake(shakeAfterMs)] : []),
    ]
    const next = queue.values()
    const buyer = async () => {
      for (const { story, steps } of next) {
        for (const step of story.steps.splice(0, steps)) await this.#take(story, step)
      }
    }
    await Promise.all([...storms, ...Array.from({ length: atOnce }, buyer)])
    await this.#stage.advance(chance.whole(1, 9))
    return stories.filter(({ steps }) => steps.length > 0)
  }

  async #kill(afterMs: number): Promise<void> {
    await pause(afterMs)
    await this.#stage.killServer()
    await this.#stage.startServer()
  }

  async #shake(afterMs: number): Promise<void> {
    await pause(afterMs)
    await this.#stage.sim('faults', afterMs % 2 === 0 ? { status: 500 } : { reset: true })
    await pause(shakyMs)
    await this.#stage.sim('faults', { status: null, reset: false })
  }

  async #take(story: Story, step: Step): Promise<void> {
    const stage = this.#stage
    const purchase = this.played.get(story.key)
    if (step.step === 'open') {
      this.played.set(story.key, await this.#open(story))
    } else if (step.step === 'complete') {
      await stage.sim(`checkout/sessions/${purchase!.session}/complete`, { outcome: step.outcome })
    } else if (step.step === 'return') {
      const { workspace, session } = purchase!
      await stage.insist(() => stage.headroom.purchases.reconcile(workspace, session))
    } else if (step.step === 'refund') {
      const all = step.share === 1
      const amount = Math.max(1, Math.floor(purchase!.totalCents * step.share))
      await stage.sim('refunds', { checkoutSession: purchase!.session, ...(!all && { amount }) })
    } else {
      await stage.sim('disputes', { checkoutSession: purchase!.session, outcome: step.outcome })
    }
  }

  async #open({ name, workspace, addOn, blocks, key }: Story): Promise<Played> {
    const { headroom } = this.#stage
    const ask = () => headroom.purchases.checkout(workspace, { addOn, blocks }, { idempotencyKey: key })
    const made = await this.#stage.insist(ask)
    return {
      story: name,
      workspace,
      purchase: made.purchaseId,
      session: sessionOf(made.url),
      totalCents: made.total,
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
