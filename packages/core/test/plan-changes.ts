/** Changes of plan by a key, for the random histories: most of them where a moved anchor has most to tell. */
import type { SetPlan } from '../src/operations.ts'
import type { Instant } from '../src/words.ts'
import type { Choices } from './choices.ts'
import { day, second } from './clock.ts'
import type { Model } from './model.ts'
import { asked } from './requests.ts'

const volumes = { free: [null], starter: [10, 20], growth: [50], dfy: [30], partner: [null] }
export const plans = Object.entries<(number | null)[]>(volumes)

/** Some of an add-on is spent. */
export function begun({ given, current }: Model): boolean {
  return given.some(({ period, meter }) => {
    const { allowance, used, reserved } = period.figures.get(meter)!
    return period === current && allowance !== null && used + reserved > allowance
  })
}

export function setPlan(c: Choices, model: Model): SetPlan {
  const { t } = model
  const [plan, volumes] = plans[c.below(plans.length)]!
  const kept = begun(model) ? t : null
  const anchor = c.one([null, kept, kept, kept, t, t, t - 5 * second, t + 14 * day, model.anchor])
  const [status, graceUntil] = c.one<[SetPlan['status'], Instant | null]>([
    [null, null],
    [null, null],
    [null, null],
    ['active', null],
    ['active', null],
    ['past_due', t + 7 * day],
    ['past_due', t],
    ['suspended', null],
    ['trialing', null],
  ])
  const when = c.one(['now', 'now', 'periodEnd'] as const)
  return {
    ...asked,
    op: 'set-plan',
    plan,
    contacts: c.one(volumes),
    interval: c.one(['month', 'month', 'year', null]),
    when,
    anchor: when === 'now' ? anchor : null,
    status,
    graceUntil,
  }
}
