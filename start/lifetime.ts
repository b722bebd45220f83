/** What was started is stopped in the opposite order, once; a signal during the start waits for the step it is at. */

export class Stopped extends Error {
  override name = 'Stopped'
}

/** Runners hand a Ctrl-C on although the terminal has sent it already: what comes that soon is the same one. */
const sameSignalMs = 500

export class Lifetime {
  readonly #stops: [what: string, stop: () => Promise<unknown>][] = []
  readonly #onFault: (what: string, fault: unknown) => void
  #isStopping = false
  #stopped: Promise<void> | null = null

  constructor(onFault: (what: string, fault: unknown) => void) {
    this.#onFault = onFault
  }

  /** Starts a part and remembers how to stop it. Throws Stopped when meanwhile a signal has come. */
  async start<Part>(what: string, starting: Promise<Part>, stop: (part: Part) => Promise<unknown>): Promise<Part> {
    const part = await starting
    this.#stops.push([what, () => stop(part)])
    this.check()
    return part
  }

  check(): void {
    if (this.#isStopping) throw new Stopped()
  }

  /** Stops everything; a repeat waits for the same end. */
  stop(): Promise<void> {
    this.#isStopping = true
    this.#stopped ??= (async () => {
      for (const [what, stop] of this.#stops.toReversed()) {
        await stop().catch((fault: unknown) => this.#onFault(what, fault))
      }
    })()
    return this.#stopped
  }

  /** `onStop` is called at the first Ctrl-C or SIGTERM; the second ends the process as it is. */
  onSignals(onStop: () => void): void {
    let first: number | null = null
    const onSignal = () => {
      if (first === null) {
        first = performance.now()
        this.#isStopping = true
        onStop()
      } else if (performance.now() - first > sameSignalMs) {
        process.exit(130)
      }
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
    process.on('SIGHUP', onSignal)
  }
}
