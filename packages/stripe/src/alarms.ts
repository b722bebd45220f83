/** What a human has to look at: said in the log once it happens, and counted. */
import type { MoneyOptions } from './interface.ts'

const names = [
  'amount_mismatch',
  'not_ours',
  'not_granted',
  'mode_mismatch',
  'event_differs',
  'event_parked',
  'unknown_price',
  'several_subscriptions',
  'customer_lost',
  'catalog_mismatch',
] as const
export type AlarmName = (typeof names)[number]

/** Beyond this the one that began first is forgotten, and would be said once more. */
const mostStanding = 10_000

export class Alarms {
  readonly #standing = new Map<string, string>()
  readonly #log: MoneyOptions['log']
  readonly #raised = new Map<AlarmName, number>()

  constructor(log: MoneyOptions['log']) {
    this.#log = log
  }

  raise(name: AlarmName, message: string, fields: Record<string, unknown> = {}): void {
    this.#raised.set(name, (this.#raised.get(name) ?? 0) + 1)
    this.#log('error', message, { alarm: name, ...fields })
  }

  /** For what stays so until somebody mends it and is found at every look: raised when it begins, and when what is said of it changes. */
  stands(name: AlarmName, about: string, message: string, fields: Record<string, unknown> = {}): void {
    const key = `${name} ${about}`
    if (this.#standing.get(key) === message) return
    this.#standing.delete(key)
    this.#standing.set(key, message)
    for (const oldest of this.#standing.keys()) {
      if (this.#standing.size <= mostStanding) break
      this.#standing.delete(oldest)
    }
    this.raise(name, message, fields)
  }

  /** It is so no longer: when it comes again it is raised again. */
  ended(name: AlarmName, about: string): void {
    this.#standing.delete(`${name} ${about}`)
  }

  figures(): Record<string, number> {
    const each = names.map((name) => [`stripe_alarms_${name}_total`, this.#raised.get(name) ?? 0] as const)
    const total = each.reduce((sum, [, count]) => sum + count, 0)
    return { stripe_alarms_total: total, ...Object.fromEntries(each) }
  }
}
