import { expect, test } from 'vitest'
import { filledIn as asSent } from '../../src/sending/campaign-mail.ts'
import { filledIn, unknownPlaceholders, withLabels } from './placeholders.ts'

test('a preview reads as the mail that is sent, for whatever is known of a person', () => {
  const people = [
    { name: 'Clara Müller', company: 'Larchwave S.L.', title: 'Founder', country: 'Spain' },
    { name: 'Dr. Sam Grant', company: '', title: '', country: '' },
    { name: '', company: 'Acme {{title}}', title: 'CEO', country: 'France' },
  ]
  const texts = [
    'Hi {{firstName}}, {{ First Name }}, {{first_name}} and {{name}}',
    '{{company}} in {{country}}: {{title}}, {{industry}}, {{TITLE}}',
    'nothing {{known}} here, {{}} nor { {name} }',
  ]
  for (const person of people) for (const text of texts) expect(filledIn(text, person)).toBe(asSent(text, person))
})

test('what stands for nothing is named once', () => {
  expect(unknownPlaceholders('{{firstName}} {{city}} {{ city }} {{city}}')).toEqual(['{{city}}', '{{ city }}'])
})

test('for nobody in particular a placeholder reads as what will stand there', () => {
  expect(withLabels('Is {{company}} hiring, {{ first_name }}?{{city}}')).toBe('Is [Company] hiring, [First name]?')
})
