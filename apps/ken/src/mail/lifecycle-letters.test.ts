import { expect, test } from 'vitest'
import type { Status, UsageWire } from '@headroom/sdk'
import { letterOf, occasionsOf } from './lifecycle-letters.ts'
import { bodiesOf } from './letter.ts'

const grace = '2026-11-08T09:14:00.000Z'
const trialEnd = '2026-11-20T00:00:00.000Z'

function usage(status: Status, asOf: string, graceUntil: string | null = null): UsageWire {
  const plan = { id: 'starter', name: 'Starter plan', description: '', interval: 'month', contacts: 1_000 } as const
  return {
    workspace: 'ws_1',
    plan: { ...plan, status, pendingChange: null, subscribed: true, graceUntil },
    price: null,
    period: { start: '2026-11-01T00:00:00.000Z', end: trialEnd },
    asOf,
    meters: [],
    addOns: null,
  }
}

const about = { workspace: 'Acme', publicUrl: 'https://ken.acme.example' }

test('which mails are due, by status and instant', () => {
  const rows: [status: Status, asOf: string, graceUntil: string | null, due: string[]][] = [
    ['active', '2026-11-08T00:00:00.000Z', null, []],
    ['past_due', '2026-11-01T09:14:00.000Z', grace, ['payment_failed']],
    ['past_due', '2026-11-06T09:13:59.999Z', grace, ['payment_failed']],
    ['past_due', '2026-11-06T09:14:00.000Z', grace, ['payment_failed', 'suspension_warning']],
    ['past_due', '2026-11-06T09:14:00.000Z', null, ['payment_failed']],
    ['overdue', '2026-11-08T09:14:00.000Z', grace, ['suspended']],
    ['suspended', '2026-11-30T00:00:00.000Z', null, ['suspended']],
    ['trialing', '2026-11-16T23:59:59.999Z', null, []],
    ['trialing', '2026-11-17T00:00:00.000Z', null, ['trial_ending']],
  ]
  for (const [status, asOf, graceUntil, due] of rows) {
    const found = occasionsOf(usage(status, asOf, graceUntil), null)
    expect([status, asOf, found.map(({ kind }) => kind)]).toEqual([status, asOf, due])
  }
})

test('an occasion is named by the end of the days of grace, the known trouble, or the trial’s end; never by the hour it is looked at', () => {
  const of = (status: Status, graceUntil: string | null, trouble: string | null) =>
    occasionsOf(usage(status, '2026-11-18T00:00:00.000Z', graceUntil), trouble)[0]!.occasion
  expect(of('past_due', grace, 'earlier')).toBe(grace)
  expect(of('suspended', null, grace)).toBe(grace)
  expect(of('suspended', null, null)).toBe('2026-11-18T00:00:00.000Z')
  expect(of('trialing', null, 'earlier')).toBe(trialEnd)
})

test('a letter says what happened, until when what goes on, and what to do', () => {
  const due = usage('past_due', '2026-11-01T09:14:00.000Z', grace)
  const { subject, paragraphs, link } = letterOf({ kind: 'payment_failed', occasion: grace }, due, about)
  expect(subject).toBe('Payment failed for Acme')
  expect(paragraphs.join(' ')).toContain('Everything goes on as before until 8 Nov 2026, 09:14 UTC.')
  expect(link).toEqual({ label: 'Manage Plan', href: 'https://ken.acme.example/settings/billing?workspace=ws_1' })
  expect(letterOf({ kind: 'suspension_warning', occasion: grace }, due, about).subject).toBe(
    'Payment for Acme will be overdue on 8 Nov 2026, 09:14 UTC',
  )
  const trial = letterOf({ kind: 'trial_ending', occasion: trialEnd }, usage('trialing', grace), about)
  expect(trial.subject).toBe('The trial of Acme ends on 20 Nov 2026, 00:00 UTC')
})

test('the letter has the plan card’s word for the state: overdue where a payment is, suspended where the subscription is', () => {
  const letter = (status: Status) => letterOf({ kind: 'suspended', occasion: grace }, usage(status, grace), about)
  const [overdue, suspended] = [letter('overdue'), letter('suspended')]
  expect(overdue.subject).toBe('Payment overdue for Acme')
  expect(overdue.paragraphs[0]).toBe(
    'A payment for the Starter plan of Acme is overdue: the time to make it has passed.',
  )
  expect(overdue.paragraphs.join(' ')).not.toContain('suspended')
  expect(suspended.subject).toBe('Acme is suspended')
  expect(suspended.paragraphs[0]).toBe('The subscription of Acme to the Starter plan is suspended or paused at Stripe.')
  expect(suspended.paragraphs.join(' ')).toContain('Manage Plan on the Billing page: it shows why.')
  expect(suspended.paragraphs.join(' ')).not.toMatch(/payment|overdue|has passed/)
})

test('what people have typed is text in both bodies, and ends no line', () => {
  const name = `<img src=x onerror="alert('1')">\r\nBcc: eve@evil.example`
  const due = usage('past_due', '2026-11-01T09:14:00.000Z', grace)
  const letter = letterOf({ kind: 'payment_failed', occasion: grace }, due, { ...about, workspace: '<b>A & "B"</b>' })
  const { text, html } = bodiesOf(name, letter)
  expect(html).not.toMatch(/<img|<b>/)
  expect(html).toContain('&lt;b&gt;A &amp; &quot;B&quot;&lt;/b&gt;')
  expect(html).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; Bcc: eve@evil.example')
  expect(text.split('\n')[0]).toBe(`Hi <img src=x onerror="alert('1')"> Bcc: eve@evil.example,`)
})
