import { expect, test } from 'vitest'
import { newCampaign } from './campaigns/criteria.ts'
import { visibleText } from './visible-text.ts'

const texts: [what: string, text: string, seen: string][] = [
  ['plain text', ' Q4  founders\n', 'Q4 founders'],
  ['letters with marks of their own', 'Zoe\u0308 Nguye\u0302\u0303n', 'Zoë Nguyễn'],
  ['an emoji put together with joiners', '👩\u200d💻 engineers ❤\ufe0f', '👩\u200d💻 engineers ❤\ufe0f'],
  ['characters without a width', 'Q4\u200b \ufefffoun\u00adders\u2060', 'Q4 founders'],
  ['nothing but characters without a width', '\u200b\u200c\u200d\u2060\ufeff', ''],
  ['fillers and an empty Braille cell', '\u3164\u115f \u2800', ''],
  ['marks on nothing', '\u0301\u0302', ''],
  ['a tower of marks', `H${'\u0321'.repeat(60)}i`, `H${'\u0321'.repeat(3)}i`],
  ['a tower with joiners in between', `H${'\u0321\u200d'.repeat(60)}i`, `H${'\u0321\u200d'.repeat(3)}i`],
]

test.each(texts)('%s', (_what, text, seen) => {
  expect(visibleText(text)).toBe(seen)
  expect(visibleText(seen)).toBe(seen)
})

const named = (name: string) =>
  newCampaign.safeParse({ name, criteria: { titles: [], countries: [], industries: [] } }).data?.name

test('a campaign’s name is what can be seen of it; one that cannot be seen, or turns text around, is refused', () => {
  expect(named(' Q4\u200b founders ')).toBe('Q4 founders')
  expect(named('\u200b\u200d')).toBeUndefined()
  expect(named('Q4 \u202efounders')).toBeUndefined()
  expect(named('Q4\u0007')).toBeUndefined()
  expect(named('x'.repeat(101))).toBeUndefined()
})
