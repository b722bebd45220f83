// @vitest-environment happy-dom
import { ConnectionFailed, Unavailable, type UsageWire } from '@headroom/sdk'
import { expect, test } from 'vitest'
import { PlanCard, PurchaseButton } from '../src/index.ts'
import { meterOf, starter } from './sample-usage.ts'
import { press, show, step, typeInto } from './show.tsx'

const outage = { status: 503, code: 'unavailable', detail: 'Down.', problem: null, requestId: null } as const
const down = () => new Unavailable({ ...outage, retryAfterSeconds: null })
const lost = () => new ConnectionFailed({ ...outage, status: null, code: 'connection_failed', retryAfterSeconds: null })

async function billing(usage: UsageWire = starter) {
  const failures: unknown[] = []
  const gone: string[] = []
  const page = await show(
    <PlanCard
      meterAction={(meter) => (
        <PurchaseButton meter={meter} onFailure={(error) => failures.push(error)} go={(url) => gone.push(url)} />
      )}
    />,
  )
  await step(() => page.source.loads[0]!.resolve(usage))
  const dialog = () => document.querySelector('dialog')
  const field = () => dialog()!.querySelector('input')!
  const requests = () => page.source.checkouts.map(({ request }) => request)
  const keys = () => page.source.checkouts.map(({ options }) => options!.idempotencyKey)
  return { ...page, failures, gone, dialog, field, requests, keys, text: () => dialog()!.textContent }
}

const opened = { purchaseId: 'pur_1', url: 'https://checkout.stripe.com/c/1', total: 27_000, currency: 'usd' }

test('A26 A27 A31 A39 A45 A136 meters with a limit have their button, unlimited ones none', async () => {
  const all = await billing()
  expect(all.buttonNames()).toEqual(['Purchase Emails', 'Purchase Leads', 'Purchase AI Credits'])
  const meters = [meterOf('email_sends', 5, null), meterOf('leads', 1, 10_000), meterOf('ai_campaigns', 1, null)]
  await step(() => all.source.streams[0]!.send({ ...starter, meters }))
  expect(all.buttonNames()).toEqual(['Purchase Leads'])
})

test('A31 A32 A36 A37 plus and minus move by a block, the button says the amount and leads to the checkout', async () => {
  const { source, gone, dialog, field, requests, text, click, button } = await billing()
  await click('Purchase Leads')
  expect(dialog()!.querySelector('h2')!.textContent).toBe('Purchase leads')
  expect([field().value, document.activeElement]).toEqual(['1,000', field()])
  expect(text()).toContain('Expires with this period on 1 Dec 2026')
  await click('+')
  await click('+')
  await click('+')
  await click('−')
  expect(field().value).toBe('3,000')
  expect([...dialog()!.querySelectorAll('output')].map(({ textContent }) => textContent)).toEqual([
    '3,000 leads',
    '$270.00',
  ])
  expect(text()).toContain('includes 12,000 email sends')
  await click('Purchase $270.00')
  expect(requests(), 'no price goes along').toEqual([{ addOn: 'leads', blocks: 3 }])
  expect(button('Purchase $270.00').getAttribute('aria-busy')).toBe('true')
  await step(() => source.checkouts[0]!.resolve(opened))
  expect(gone).toEqual([opened.url])
  await click('Purchase $270.00')
  expect(requests(), 'on its way it is not started again').toHaveLength(1)
})

test('A33 A153 a typed number rounds up and says so before it is bought', async () => {
  const { field, requests, text, click, button } = await billing()
  await click('Purchase Leads')
  await typeInto(field(), '2500')
  expect(button('Purchase $270.00'), 'the amount is the rounded one at any moment').toBeDefined()
  await press(field(), 'Enter')
  expect(field().value).toBe('3,000')
  expect(text()).toContain('Rounded up to 3,000: leads are sold in blocks of 1,000')
  expect(requests()).toEqual([])
  await typeInto(field(), '')
  expect(button('Purchase').getAttribute('aria-disabled')).toBe('true')
  // As a mouse does it: the field loses the focus before the button has its click.
  await step(() => field().blur())
  await click('Purchase')
  expect(requests(), 'nothing typed buys nothing, not the last number either').toEqual([])
  expect(text()).toContain('Type a number of leads, such as 1,000.')
  expect(text()).not.toContain('email sends')
  await click('+')
  expect(field().value, 'plus and minus go on from the last number').toBe('4,000')
})

test('A40 A42 A43 sends say which leads they cover', async () => {
  const { field, requests, text, click } = await billing()
  await click('Purchase Emails')
  expect(text()).toContain('Purchase email sends')
  await typeInto(field(), '12000')
  expect(text()).toContain('covers 3,000 leads')
  await click('Purchase $108.00')
  expect(requests()).toEqual([{ addOn: 'email_sends', blocks: 3 }])
})

test('A46 A47 A48 AI credits are sold one by one at $5', async () => {
  const { field, requests, text, click } = await billing()
  await click('Purchase AI Credits')
  expect(text()).toContain('$5.00 each')
  await press(field(), 'ArrowUp')
  expect(field().value).toBe('2')
  await click('Purchase $10.00')
  expect(requests()).toEqual([{ addOn: 'ai_campaigns', blocks: 2 }])
})

test('A113 A114 A116 a failure is handed to the page, and the dialog stays with its quantity', async () => {
  const { source, failures, field, keys, click, button } = await billing()
  await click('Purchase Leads')
  await typeInto(field(), '3000')
  await click('Purchase $270.00')
  await click('Purchase $270.00')
  expect(keys(), 'two clicks are one purchase').toHaveLength(1)
  const error = down()
  await step(() => source.checkouts[0]!.reject(error))
  expect(failures).toEqual([error])
  expect([field().value, button('Purchase $270.00').getAttribute('aria-disabled')]).toEqual(['3000', 'false'])
  await click('Purchase $270.00')
  expect(new Set(keys()).size, 'another click is another purchase').toBe(2)
})

test('a connection that broke is tried once more under the same key', async () => {
  const { source, failures, keys, click } = await billing()
  await click('Purchase Leads')
  await click('Purchase $90.00')
  await step(() => source.checkouts[0]!.reject(lost()))
  expect(failures).toEqual([])
  await step(() => source.checkouts[1]!.reject(lost()))
  expect([failures.length, keys().length, new Set(keys()).size]).toEqual([1, 2, 1])
})

test('A154 where the server asks for another total nobody is sent to pay it unseen', async () => {
  const { source, gone, text, click } = await billing()
  await click('Purchase Leads')
  await click('Purchase $90.00')
  await step(() => source.checkouts[0]!.resolve({ ...opened, total: 7000 }))
  expect(gone).toEqual([])
  expect(text()).toContain('The price has changed: it is $70.00 now. Nothing was bought yet.')
  const addOns = starter.addOns!.map((addOn) => (addOn.id === 'leads' ? { ...addOn, blockCents: 7000 } : addOn))
  await step(() => source.loads[1]!.resolve({ ...starter, addOns }))
  await click('Purchase $70.00')
  await step(() => source.checkouts[1]!.resolve({ ...opened, total: 7000 }))
  expect(gone).toEqual([opened.url])
})

test('after a change of plan nothing is sold at the old price', async () => {
  const { source, requests, click, button } = await billing()
  await click('Purchase Leads')
  const plan = { ...starter.plan, id: 'growth', contacts: 5000 }
  await step(() => source.streams[0]!.send({ ...starter, plan, price: null, addOns: null }))
  await click('Purchase $90.00')
  expect([requests(), button('Purchase $90.00').getAttribute('aria-disabled')]).toEqual([[], 'true'])
})

test('Escape and Cancel close it, end what is starting, and give the focus back', async () => {
  const { source, gone, failures, dialog, click, button } = await billing()
  await click('Purchase Leads')
  await press(document, 'Escape')
  expect([dialog(), document.activeElement]).toEqual([null, button('Purchase Leads')])
  await click('Purchase Leads')
  await click('Purchase $90.00')
  await click('Cancel')
  expect([dialog(), document.activeElement]).toEqual([null, button('Purchase Leads')])
  expect(source.checkouts[0]!.options!.signal!.aborted).toBe(true)
  expect([gone, failures]).toEqual([[], []])
})

test('Tab stays in the dialog', async () => {
  const { dialog, click, button } = await billing()
  await click('Purchase Leads')
  await step(() => button('Purchase $90.00').focus())
  await press(document, 'Tab')
  expect(document.activeElement).toBe(button('−'))
  expect(dialog()!.contains(document.activeElement)).toBe(true)
})
