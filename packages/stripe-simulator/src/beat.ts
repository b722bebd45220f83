const beatMs = 200

/** Rounds about five times a second, one after the other; who asks for one during a round gets another after it. */
export class Beat {
  readonly #round: () => Promise<void>
  readonly #onFault: (fault: unknown) => void
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #again = false
  #stopped = true

  constructor(round: () => Promise<void>, onFault: (fault: unknown) => void) {
    this.#round = round
    this.#onFault = onFault
  }

  start(): void {
    if (!this.#stopped) return
    this.#stopped = false
    this.#timer = setInterval(() => this.now(), beatMs)
  }

  /** Does nothing before the start. */
  now(): void {
    if (this.#stopped) return
    if (this.#running) {
      this.#again = true
      return
    }
    this.#again = false
    this.#running = this.#round()
      .catch((fault: unknown) => {
        if (!this.#stopped) this.#onFault(fault)
      })
      .finally(() => {
        this.#running = undefined
        if (this.#again) this.now()
      })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#running
  }
}
