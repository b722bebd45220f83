import { expect, test } from 'vitest'
import { campaignBodies, filledIn } from './campaign-mail.ts'

const anna = { name: 'Dr. Anna Lee', company: 'R&D {{title}}', email: 'anna@company.example' }

test.for([
  ['{{firstName}}, {{ first_name }} and {{FIRSTNAME}}', 'Anna, Anna and Anna'],
  ['{{lastName}}', 'Lee'],
  ['{{company}}', 'R&D {{title}}'],
  ['the {{title}} at work', 'the your role at work'],
  ['a{{nonsense}}b{{}}c', 'abc'],
  ['{{ {{firstName}} }}', '{{ Anna }}'],
] as const)('"%s" is filled in', ([text, filled]) => {
  expect(filledIn(text, anna)).toBe(filled)
})

test('who is not known is greeted all the same, and whoever has a first name by it', () => {
  expect(filledIn('Hi {{firstName}} of {{company}}', {})).toBe('Hi there of your company')
  expect(filledIn('Hi {{lastName}}', { name: 'Cher' })).toBe('Hi ')
  expect(filledIn('Hi {{firstName}}', { firstName: 'Bo', name: 'Li Bo' })).toBe('Hi Bo')
})

test('both bodies say the same, with the way out, and nothing anybody typed is markup', () => {
  const context = { publicUrl: 'https://ken.example', secret: 's'.repeat(32) }
  const mail = {
    recipientId: 'rcp_0192f3a4-1111-4222-8333-444455556666',
    subject: '<s>',
    body: 'One\ntwo\n\n\n<i>three</i>',
  }
  const { text, html } = campaignBodies(context, mail)
  const [, href] = /\n-- \nNo more mails like this: (\S+)\n$/.exec(text) ?? []
  expect(href).toMatch(/^https:\/\/ken\.example\/unsubscribe\/[0-9a-f]{56}$/)
  expect(html).toContain(`<a href="${href}"`)
  expect(html.match(/<p [^>]*>[^]*?<\/p>/g)?.map((one) => one.replaceAll(/<\/?p[^>]*>/g, ''))).toEqual([
    'One<br>two',
    '&lt;i&gt;three&lt;/i&gt;',
    expect.stringContaining('No more mails like this') as string,
  ])
  expect(html).toContain('<title>&lt;s&gt;</title>')
})
