/**
 * The live usage of a workspace as server-sent events: the state now, then again after every change. A stream keeps only that something
 * has changed, never a queue: a reader too slow for every change gets the newest.
 */
import type { EngineInterface } from '@headroom/engine'
import type { UsageWire } from '@headroom/core'

const heartbeatMs = 15_000
/** A workspace under load changes thousands of times a second; nobody looks that fast. */
const pauseMs = 200

const heartbeat = ':\n\n'

interface StreamsRoom {
  engine: EngineInterface
  stopping: AbortSignal
  /** Told +1 and -1. */
  count: (change: 1 | -1) => void
  onFault: (fault: unknown) => void
}

export interface StreamRequest {
  workspace: string
  /** Asked before every event and heartbeat; false ends the stream. */
  isStillAllowed: () => Promise<boolean>
}

export class UsageStreams {
  readonly #room: StreamsRoom
  readonly #open = new Map<string, Set<Signal>>()

  constructor(room: StreamsRoom) {
    this.#room = room
  }

  /** Opens one; undefined where there is no such workspace. */
  async open(request: StreamRequest): Promise<ReadableStream<Uint8Array> | undefined> {
    const { engine, stopping, count, onFault } = this.#room
    const { workspace } = request
    const signal = new Signal()
    // Watched before the first state is read, so that no change falls between the two.
    const unwatch = engine.watch(workspace, () => signal.raise('changed'))
    const end = () => signal.raise('ended')
    stopping.addEventListener('abort', end)
    const first = await engine.usage(workspace).catch((fault: unknown) => {
      unwatch()
      throw fault
    })
    if (!first) {
      unwatch()
      return undefined
    }
    this.#add(workspace, signal)
    count(1)
    const events = this.#events(request, signal, first)
    let isClosed = false
    const close = () => {
      if (isClosed) return
      isClosed = true
      unwatch()
      stopping.removeEventListener('abort', end)
      this.#remove(workspace, signal)
      count(-1)
      end()
    }
    const encoder = new TextEncoder()
    return new ReadableStream<Uint8Array>(
      {
        // Called when the reader has taken what it was given: that is the whole flow control.
        async pull(controller) {
          try {
            const { done, value } = await events.next()
            if (!done) return controller.enqueue(encoder.encode(value))
          } catch (fault) {
            onFault(fault)
          }
          close()
          controller.close()
        },
        cancel: close,
      },
      { highWaterMark: 0 },
    )
  }

  /** Tokens have ended: every stream of the workspace asks at once whether it may go on. */
  recheck(workspace: string): void {
    for (const signal of this.#open.get(workspace) ?? []) signal.raise('recheck')
  }

  async *#events(
    { workspace, isStillAllowed }: StreamRequest,
    signal: Signal,
    first: { usage: UsageWire; version: number },
  ): AsyncGenerator<string, void, undefined> {
    yield eventText(first.usage, first.version)
    for (;;) {
      const what = await signal.next(heartbeatMs)
      if (what === 'ended' || !(await isStillAllowed())) return
      if (what !== 'changed') {
        yield heartbeat
        continue
      }
      const found = await this.#room.engine.usage(workspace)
      if (!found) return
      yield eventText(found.usage, found.version)
      await signal.pause(pauseMs)
    }
  }

  #add(workspace: string, signal: Signal): void {
    const signals = this.#open.get(workspace)
    if (signals) signals.add(signal)
    else this.#open.set(workspace, new Set([signal]))
  }

  #remove(workspace: string, signal: Signal): void {
    const signals = this.#open.get(workspace)
    signals?.delete(signal)
    if (signals?.size === 0) this.#open.delete(workspace)
  }
}

/** Without the price: it is for Admins. */
const eventText = (usage: UsageWire, version: number): string =>
  `id: ${version}\nevent: usage\ndata: ${JSON.stringify({ ...usage, price: null, addOns: null })}\n\n`

type Raised = 'changed' | 'recheck' | 'ended'

/** What has been raised since it was last asked for; the strongest wins, so a thousand changes are one. */
class Signal {
  #raised: Raised | null = null
  #wake = () => {}

  raise(what: Raised): void {
    if (this.#raised === 'ended' || (this.#raised === 'changed' && what === 'recheck')) return
    this.#raised = what
    this.#wake()
  }

  /** Waits for something, or `ms` for nothing. */
  async next(ms: number): Promise<Raised | null> {
    if (this.#raised === null) await this.#sleep(ms)
    const raised = this.#raised
    if (raised !== 'ended') this.#raised = null
    return raised
  }

  /** Waits `ms`, less only if it has ended. */
  async pause(ms: number): Promise<void> {
    const end = performance.now() + ms
    while (this.#raised !== 'ended' && performance.now() < end) await this.#sleep(end - performance.now())
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
