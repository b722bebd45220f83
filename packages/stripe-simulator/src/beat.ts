/** Rounds now and then, one after the other; who asks for one during a round gets another after it. */
export class Beat {
  readonly #round: () => Promise<void>
  readonly #onFault: (fault: unknown) => void
  readonly #pauseMs: () => number
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #again = false
  #stopped = true

  /** `pauseMs` is asked after each round: how long until the next, if nobody asks for one. */
  constructor(round: () => Promise<void>, onFault: (fault: unknown) => void, pauseMs: () => number) {
    this.#round = round
    this.#onFault = onFault
    this.#pauseMs = pauseMs
  }

  start(): void {
    if (!this.#stopped) return
    this.#stopped = false
    this.now()
  }

  /** Does nothing before the start. */
  now(): void {
    if (this.#stopped) return
    if (this.#running) {
      this.#again = true
      return
    }
    clearTimeout(this.#timer)
    this.#again = false
    this.#running = this.#round()
      .catch((fault: unknown) => {
        if (!this.#stopped) this.#onFault(fault)
      })
      .finally(() => {
        this.#running = undefined
        if (this.#stopped) return
        if (this.#again) this.now()
        else this.#timer = setTimeout(() => this.now(), this.#pauseMs())
      })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
  }
}
