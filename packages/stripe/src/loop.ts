import type { MoneyOptions } from './interface.ts'

/** Does one thing now and then, never twice at once; a fault of a round is said and the next round comes all the same. */
export class Loop {
  readonly #name: string
  readonly #round: () => Promise<boolean>
  readonly #everyMs: number
  readonly #log: MoneyOptions['log']
  #running: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined
  #isStarted = false
  #again = false

  /** `round`: true when there is more to do at once. */
  constructor(name: string, round: () => Promise<boolean>, everyMs: number, log: MoneyOptions['log']) {
    this.#name = name
    this.#round = round
    this.#everyMs = everyMs
    this.#log = log
  }

  start(): void {
    this.#isStarted = true
    this.wake()
  }

  /** Now, or once more after what runs now; nothing before start or after stop. */
  wake(): void {
    if (!this.#isStarted) return
    this.#again = true
    clearTimeout(this.#timer)
    this.#running ??= this.#run()
  }

  /** Lets what runs end. */
  async stop(): Promise<void> {
    this.#isStarted = false
    this.#again = false
    clearTimeout(this.#timer)
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#again && this.#isStarted) {
      this.#again = false
      try {
        if (await this.#round()) this.#again = this.#isStarted
      } catch (error) {
        this.#log('warn', `${this.#name}: ${(error as Error).message}`)
      }
    }
    this.#running = null
    if (!this.#isStarted) return
    this.#timer = setTimeout(() => this.wake(), this.#everyMs)
    this.#timer.unref()
  }
}
