import { expect, test } from 'vitest'
import { chosenOf, companyTexts, mostOf, roundingText, stepped, unitPriceText } from '../src/purchase-quantity.ts'
import { meterOf, starter } from './sample-usage.ts'

const [leads, sends, credits] = starter.addOns!
const chosen = (typed: string, addOn = leads!) => chosenOf(typed, addOn)
const said = (typed: string, meter: 'leads' | 'email_sends' | 'ai_campaigns', addOn = leads!) =>
  roundingText(chosenOf(typed, addOn)!, addOn, meterOf(meter, 0, 0))

test('A34 A41 A46 what is typed comes to whole blocks: 1,000 leads, 4,000 sends, single AI credits', () => {
  expect(chosen('3000')).toEqual({ blocks: 3, quantity: 3000, totalCents: 27_000, rounding: 'none' })
  expect(chosen('12,000', sends)).toEqual({ blocks: 3, quantity: 12_000, totalCents: 10_800, rounding: 'none' })
  expect(chosen('7', credits)).toEqual({ blocks: 7, quantity: 7, totalCents: 3500, rounding: 'none' })
})

test('A153 a number between blocks rounds up, and the total is the one of what is granted', () => {
  expect(chosen('2500')).toEqual({ blocks: 3, quantity: 3000, totalCents: 27_000, rounding: 'up' })
  expect(chosen('1')).toMatchObject({ quantity: 1000, totalCents: 9000, rounding: 'up' })
  expect(chosen('4001', sends)).toMatchObject({ quantity: 8000, totalCents: 7200, rounding: 'up' })
  expect(chosen('0')).toMatchObject({ quantity: 1000, rounding: 'up' })
  expect(chosen('1.5', credits)).toMatchObject({ quantity: 2, totalCents: 1000, rounding: 'up' })
})

test('A153 what was done to a number is said', () => {
  expect(said('2500', 'leads')).toBe('Rounded up to 3,000: leads are sold in blocks of 1,000')
  expect(said('5000', 'email_sends', sends)).toBe('Rounded up to 8,000: email sends are sold in blocks of 4,000')
  expect(said('1.5', 'ai_campaigns', credits)).toBe('Rounded up to 2: AI credits are sold one by one')
  expect(said('3,000', 'leads')).toBeNull()
})

test('one purchase has at most 1,000 blocks', () => {
  expect(chosen('1000001')).toMatchObject({ blocks: 1000, quantity: 1_000_000, rounding: 'most' })
  expect(said('9999999', 'leads')).toBe('1,000,000 leads is the most in one purchase')
  expect([stepped(1_000_000, 1, leads!), stepped(1000, -1, leads!), stepped(1000, 1, leads!)]).toEqual([
    mostOf(leads!),
    1000,
    2000,
  ])
})

test('what is no number is none, and is never taken for one', () => {
  for (const typed of ['', ' ', '-1000', '1e3', '2k', 'ten', '1..5', '٣']) expect(chosen(typed), typed).toBeNull()
})

test('A35 A42 leads say which sends they include, sends which leads they cover', () => {
  const company = (blocks: number, addOn = leads!, meters = starter.meters) =>
    companyTexts(blocks, addOn, starter.addOns!, meters)
  expect(company(3)).toEqual(['includes 12,000 email sends'])
  expect(company(3, sends)).toEqual(['covers 3,000 leads'])
  expect(company(3, credits)).toEqual([])
  const unlimited = [meterOf('leads', 0, 10_000), meterOf('email_sends', 0, null)]
  expect(company(3, leads, unlimited), 'unlimited sends need none').toEqual([])
})

test('A29 A47 the unit price is the plan’s own, AI credits are $5 each', () => {
  expect(unitPriceText(leads!, 'usd', meterOf('leads', 0, 0))).toBe('$90.00 per 1,000 leads')
  expect(unitPriceText(sends!, 'usd', meterOf('email_sends', 0, 0))).toBe('$36.00 per 4,000 email sends')
  expect(unitPriceText(credits!, 'usd', meterOf('ai_campaigns', 0, 0))).toBe('$5.00 each')
})
