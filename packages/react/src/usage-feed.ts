/** The usage of one workspace, kept current: one load, the live stream, and polling behind it. */
import type { Headroom, UsageWire } from '@headroom/sdk'

/** What a page needs to know. The last good usage stays while the connection is being restored, and is then said to be stale. */
export type UsageState = (
  | { status: 'loading'; usage: null; error: null }
  | { status: 'error'; usage: null; error: unknown }
  | { status: 'ready'; usage: UsageWire; error: unknown }
) & {
  /** The figures may be out of date: the last try to bring them up to date has failed. */
  stale: boolean
  /** A load is under way. */
  busy: boolean
}

export const firstState: UsageState = { status: 'loading', usage: null, error: null, stale: false, busy: true }

type UsageSource = Pick<Headroom, 'usage' | 'events'>

/** Tried twice at the most, as polling goes on anyway: a page that waits longer than ten seconds says so instead of waiting on. */
const timeoutMs = 5_000
const maxRetries = 1

export class UsageFeed {
  readonly #source: UsageSource
  readonly #workspace: string
  readonly #pollMs: number
  readonly #listeners = new Set<() => void>()
  #state: UsageState = firstState
  #control: AbortController | null = null
  #timer: ReturnType<typeof setInterval> | undefined
  #connected = false
  #loaded = false
  /** Counts events, to tell whether one overtook a load. */
  #heard = 0

  constructor(source: UsageSource, workspace: string, pollMs = 15_000) {
    this.#source = source
    this.#workspace = workspace
    this.#pollMs = pollMs
  }

  readonly state = (): UsageState => this.#state

  /** The first listener starts the feed, the last one to leave stops it; what was last known stays. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (this.#control === null) this.#start()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#stop()
    }
  }

  /** Loads again, now. Asked while a load is under way it changes nothing. */
  readonly retry = (): void => {
    if (this.#control !== null && !this.#state.busy) void this.#load(this.#control.signal)
  }

  #start(): void {
    const control = new AbortController()
    this.#control = control
    this.#timer = setInterval(() => {
      if (!this.#connected || !this.#loaded) this.retry()
    }, this.#pollMs)
    void this.#load(control.signal)
    void this.#listen(control.signal)
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#control?.abort()
    this.#control = null
    this.#connected = false
    this.#loaded = false
  }

  async #load(signal: AbortSignal): Promise<void> {
    this.#set({ ...this.#state, busy: true })
    const heard = this.#heard
    try {
      const loaded = await this.#source.usage(this.#workspace, { signal, timeoutMs, maxRetries })
      if (signal.aborted) return
      const known = this.#state.usage
      if (known === null || heard === this.#heard) {
        this.#loaded = true
        return this.#show(loaded, false)
      }
      // An event that came meanwhile is newer, and lacks only what events do not carry.
      this.#loaded = samePlan(known, loaded)
      if (!this.#loaded) return this.#load(signal)
      this.#show(withMoneyOf(known, loaded), false)
    } catch (error) {
      if (signal.aborted) return
      this.#loaded = false
      const { usage } = this.#state
      if (usage === null) this.#set({ status: 'error', usage, error, stale: false, busy: false })
      else this.#set({ status: 'ready', usage, error, stale: !this.#connected, busy: false })
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const onConnection = (connected: boolean) => {
      if (signal.aborted) return
      this.#connected = connected
      if (!connected) this.retry()
    }
    while (!signal.aborted) {
      try {
        for await (const usage of this.#source.events(this.#workspace, { signal, onConnection })) {
          if (!signal.aborted) this.#hear(usage, signal)
        }
      } catch {
        // The load meets the same refusal and says it; here it is only a reason to wait before listening again.
      }
      await pause(this.#pollMs, signal)
    }
  }

  #hear(usage: UsageWire, signal: AbortSignal): void {
    this.#heard += 1
    const known = this.#state.usage
    const isSamePlan = known !== null && samePlan(known, usage)
    this.#show(isSamePlan ? withMoneyOf(usage, known) : usage, this.#state.busy)
    if (!isSamePlan && !this.#state.busy) void this.#load(signal)
  }

  #show(usage: UsageWire, busy: boolean): void {
    this.#set({ status: 'ready', usage, error: null, stale: false, busy })
  }

  #set(state: UsageState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

function samePlan({ plan }: UsageWire, { plan: other }: UsageWire): boolean {
  return plan.id === other.id && plan.contacts === other.contacts && plan.interval === other.interval
}

/** Events carry no price; it and what the dialogs show stay as the last load said, as long as the plan is the same. */
function withMoneyOf(usage: UsageWire, { price, addOns }: UsageWire): UsageWire {
  return { ...usage, price: usage.price ?? price, addOns: usage.addOns ?? addOns }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
