/** What was found wrong, each once, with what is known about it. */

export interface Violation {
  /** The invariant of reliability §1.2 that it breaks: I1 … I12. */
  invariant: string
  workspace: string | null
  what: string
}

const most = 200

export class Violations {
  readonly found: Violation[] = []
  readonly #known = new Set<string>()
  /** How many there were beyond those kept. */
  more = 0

  add(invariant: string, workspace: string | null, what: string): void {
    const key = `${invariant} ${workspace} ${what}`
    if (this.#known.has(key)) return
    this.#known.add(key)
    if (this.found.length < most) this.found.push({ invariant, workspace, what })
    else this.more += 1
  }

  /** Adds it where what should hold does not. */
  hold(holds: boolean, invariant: string, workspace: string | null, what: () => string): void {
    if (!holds) this.add(invariant, workspace, what())
  }
}
