/** The catalog: meters, plans, add-ons and prices as code. Numbers here, rules elsewhere. */
import { z } from 'zod'
import type { Interval, Limit, MeterId } from './words.ts'
import type { CatalogWire } from './wire.ts'

const id = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'must be 1-40 of a-z 0-9 _, starting with a letter')
const text = (most: number) => z.string().trim().min(1).max(most)
const cents = z.int().min(0).max(100_000_000)
const count = z.int().min(0).max(1_000_000_000)

const meter = z.strictObject({
  id,
  label: text(60),
  /** One and many of what is bought and left: "1 lead left", "600 leads left". */
  unit: text(40),
  units: text(40),
  /** One and many of what the bar counts: "1,200 of 5,000 leads". */
  counted: z.strictObject({ one: text(40), many: text(40) }),
  /** What a commit above its reservation does: refused, or the excess booked as overage (decisions §4). */
  overrun: z.enum(['reject', 'record']).default('reject'),
  /** How long after its expiry a reservation may still be committed, decided anew (decisions §4). */
  graceSeconds: z.int().min(0).max(86_400).default(60),
})

const plan = z.strictObject({
  id,
  name: text(60),
  description: text(200),
  family: z.enum(['self-serve', 'done-for-you']),
  /** The inline call to action at a limit: "Upgrade plan" or "Buy credits" (acceptance 93-96). */
  atLimit: z.enum(['upgrade_plan', 'buy_credits']),
  mayBuy: z.boolean().default(true),
  /** One price per contact volume, ascending; a plan without volumes has one price with `contacts: null`. */
  prices: z.array(z.strictObject({ contacts: count.min(1).nullable(), monthCents: cents })).min(1),
  /** Per meter: a number, a number per contact, or null for unlimited. A meter left out is not in the plan. */
  allowances: z.record(id, z.union([count, z.null(), z.strictObject({ perContact: z.int().min(1).max(1000) })])),
  /** The plan's price of 1,000 leads, from which add-ons are priced. */
  rateCents: cents,
})

const addOn = z.strictObject({
  id,
  blockSize: count.min(1),
  brings: z.array(z.strictObject({ meter: id, quantity: count.min(1) })).min(1),
  blockPrice: z.union([
    z.strictObject({ percentOfRate: z.int().min(1).max(1000) }),
    z.strictObject({ cents: cents.min(1) }),
  ]),
})

const schema = z
  .strictObject({
    version: z.string().regex(/^[A-Za-z0-9._-]{1,60}$/, 'must be 1-60 of A-Z a-z 0-9 . _ -'),
    currency: z.string().regex(/^[a-z]{3}$/, 'must be a lower-case ISO 4217 code'),
    /** Taken off twelve monthly prices when a year is paid at once. */
    yearlyDiscountPercent: z.int().min(0).max(100),
    /** The plan a workspace has without paying. */
    freePlan: id,
    meters: z.array(meter).min(1).max(20),
    plans: z.array(plan).min(1),
    addOns: z.array(addOn),
  })
  .superRefine((catalog, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    const meters = new Set(catalog.meters.map((meter) => meter.id))
    for (const list of ['meters', 'plans', 'addOns'] as const) {
      const seen = new Set<string>()
      catalog[list].forEach((item, index) => {
        if (seen.has(item.id)) fault([list, index, 'id'], `"${item.id}" is used twice`)
        seen.add(item.id)
      })
    }
    if (!catalog.plans.some((plan) => plan.id === catalog.freePlan)) {
      fault(['freePlan'], `"${catalog.freePlan}" is not one of the plans`)
    }
    catalog.plans.forEach((plan, index) => {
      const volumes = plan.prices.map((price) => price.contacts)
      if (volumes.includes(null) && volumes.length > 1) {
        fault(['plans', index, 'prices'], 'a plan without contact volumes has exactly one price')
      }
      volumes.forEach((volume, at) => {
        const before = volumes[at - 1]
        if (volume !== null && before !== undefined && before !== null && volume <= before) {
          fault(['plans', index, 'prices', at, 'contacts'], 'volumes must ascend')
        }
      })
      for (const [meter, allowance] of Object.entries(plan.allowances)) {
        if (!meters.has(meter)) fault(['plans', index, 'allowances', meter], `"${meter}" is not one of the meters`)
        if (allowance !== null && typeof allowance === 'object' && volumes.includes(null)) {
          fault(['plans', index, 'allowances', meter], 'perContact needs prices with contact volumes')
        }
      }
    })
    catalog.addOns.forEach((addOn, index) => {
      if (!meters.has(addOn.id)) fault(['addOns', index, 'id'], `"${addOn.id}" is not one of the meters`)
      addOn.brings.forEach((line, at) => {
        if (!meters.has(line.meter)) {
          fault(['addOns', index, 'brings', at, 'meter'], `"${line.meter}" is not one of the meters`)
        }
      })
    })
  })

export type Catalog = z.output<typeof schema>
export type CatalogSource = z.input<typeof schema>
export type Plan = Catalog['plans'][number]
export type Meter = Catalog['meters'][number]
export type AddOn = Catalog['addOns'][number]

export class CatalogError extends Error {
  override name = 'CatalogError'
}

/** Checks a catalog; throws CatalogError whose message names each fault by its path ("plans.2.prices.1.contacts: volumes must ascend"). */
export function defineCatalog(source: CatalogSource): Catalog {
  const result = schema.safeParse(source)
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'catalog'}: ${issue.message}`)
  throw new CatalogError(`The catalog has ${faults.length} fault(s):\n  ${faults.join('\n  ')}`)
}

export const planOf = (catalog: Catalog, id: string): Plan | undefined => catalog.plans.find((plan) => plan.id === id)
export const meterOf = (catalog: Catalog, id: MeterId): Meter | undefined =>
  catalog.meters.find((meter) => meter.id === id)
export const addOnOf = (catalog: Catalog, id: string): AddOn | undefined =>
  catalog.addOns.find((addOn) => addOn.id === id)

/** The volume a plan is taken with: the one asked for, by default the smallest; undefined where the plan does not offer it. */
export function contactsOf(plan: Plan, asked: number | null): number | null | undefined {
  if (asked === null) return plan.prices[0]!.contacts
  return plan.prices.some((price) => price.contacts === asked) ? asked : undefined
}

/** What a plan allows of a meter for one period; undefined where the meter is not in the plan. */
export function allowanceOf(plan: Plan, contacts: number | null, meter: MeterId): Limit | undefined {
  const allowance = plan.allowances[meter]
  if (allowance === undefined || allowance === null || typeof allowance === 'number') return allowance
  return allowance.perContact * (contacts ?? 0)
}

/** A year paid at once, in cents: twelve months less the discount, rounded half up once (decisions §11). */
export const yearCents = (catalog: Catalog, monthCents: number): number =>
  Math.floor((monthCents * 12 * (100 - catalog.yearlyDiscountPercent) + 50) / 100)

/** The catalog price per month, in cents; a yearly plan shows a twelfth of its year, rounded half up (decisions §6). */
export function monthlyCents(catalog: Catalog, plan: Plan, contacts: number | null, interval: Interval): number {
  const price = plan.prices.find((price) => price.contacts === contacts) ?? plan.prices[0]!
  if (interval === 'month') return price.monthCents
  return Math.floor((yearCents(catalog, price.monthCents) + 6) / 12)
}

/** One block of an add-on on this plan, in whole cents, rounded half up (decisions §7). */
export function blockCents(addOn: AddOn, plan: Plan): number {
  if ('cents' in addOn.blockPrice) return addOn.blockPrice.cents
  return Math.floor((plan.rateCents * addOn.blockPrice.percentOfRate + 50) / 100)
}

/** The add-on that tops a meter up on this plan, or undefined: unlimited, or the plan may not buy. */
export function offeredAddOn(catalog: Catalog, plan: Plan, meter: MeterId, limit: Limit): AddOn | undefined {
  return plan.mayBuy && limit !== null ? addOnOf(catalog, meter) : undefined
}

const allowancesOf = (plan: Plan, contacts: number | null): Record<MeterId, Limit> =>
  Object.fromEntries(Object.keys(plan.allowances).map((meter) => [meter, allowanceOf(plan, contacts, meter) ?? null]))

export function catalogWire(catalog: Catalog): CatalogWire {
  return {
    version: catalog.version,
    currency: catalog.currency,
    meters: catalog.meters.map(({ id, label, unit, units, counted }) => ({ id, label, unit, units, counted })),
    plans: catalog.plans.map((plan) => ({
      id: plan.id,
      name: plan.name,
      description: plan.description,
      family: plan.family,
      prices: plan.prices.map((price) => ({
        contacts: price.contacts,
        monthCents: price.monthCents,
        yearCents: yearCents(catalog, price.monthCents),
        allowances: allowancesOf(plan, price.contacts),
      })),
      allowances: allowancesOf(plan, plan.prices[0]!.contacts),
    })),
    addOns: catalog.addOns.map(({ id, blockSize, brings }) => ({ id, meter: id, blockSize, brings })),
  }
}
