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
  'catalog_mismatch',
] as const
export type AlarmName = (typeof names)[number]

export class Alarms {
  readonly #log: MoneyOptions['log']
  readonly #raised = new Map<AlarmName, number>()

  constructor(log: MoneyOptions['log']) {
    this.#log = log
  }

  raise(name: AlarmName, message: string, fields: Record<string, unknown> = {}): void {
    this.#raised.set(name, (this.#raised.get(name) ?? 0) + 1)
    this.#log('error', message, { alarm: name, ...fields })
  }

  figures(): Record<string, number> {
    const each = names.map((name) => [`stripe_alarms_${name}_total`, this.#raised.get(name) ?? 0] as const)
    const total = each.reduce((sum, [, count]) => sum + count, 0)
    return { stripe_alarms_total: total, ...Object.fromEntries(each) }
  }
}
