/** Reads whom a brief means, by plain rules: the words a person used, and the words of the directory they stand for. */
import type { Criteria } from '../campaigns/criteria.ts'
import type { DirectoryOptions } from '../directory/search.ts'

/** What people call a group, and which of the directory's words that is. */
type Rule = [said: RegExp, means: RegExp]

const departments: Rule[] = [
  [
    /\b(?:founders?|owners?|ceos?|start-?ups?|entrepreneurs?|managing directors?|small business(?:es)?|agenc(?:y|ies))\b/i,
    /founder|^ceo$|owner|managing director/i,
  ],
  [/\b(?:sales|revenue|pipelines?|outbound)\b/i, /sales|\bcro\b|business development/i],
  [/\b(?:marketing|marketers?|brands?|advertising|seo|growth)\b/i, /marketing|\bcmo\b|growth/i],
  [/\b(?:engineer(?:s|ing)?|developers?|devops|technical|ctos?)\b/i, /engineering|\bcto\b/i],
  [/\b(?:product (?:teams?|managers?|leaders?|people))\b/i, /product/i],
  [/\b(?:hr|human resources|people teams?|hiring|recruit(?:ers?|ing)|talent|payroll)\b/i, /people|hr /i],
  [/\b(?:finance|cfos?|accounting|accountants?|controllers?|invoices?|invoicing)\b/i, /finance|\bcfo\b/i],
  [/\b(?:operations|coos?|supply chains?|warehouses?)\b/i, /operations|\bcoo\b/i],
  [/\b(?:IT|infrastructure|cyber-?security)\b/, /\bIT\b|\bcto\b/i],
  [/\b(?:customer (?:success|support|service)|churn)\b/i, /customer success/i],
]

/** Those who decide; others are taken only when they are named. */
const decides = /founder|owner|president|managing director|director|\bvp\b|head of|^c.o$/i

const regions: Rule[] = [
  [/\b(?:UK|Britain|British|England|English companies)\b/, /^united kingdom$/i],
  [/\b(?:US|USA|U\.S\.|America|American)\b/, /^united states$/i],
  [/\bDACH\b|german-speaking/i, /^(?:germany|austria|switzerland)$/i],
  [/\bbenelux\b/i, /^(?:netherlands|belgium|luxembourg)$/i],
  [/\b(?:nordics?|scandinavian?)\b/i, /^(?:sweden|denmark|norway|finland)$/i],
  [/\bnorth america\b/i, /^(?:united states|canada)$/i],
  [/\benglish-speaking\b/i, /^(?:united states|united kingdom|canada|australia|ireland)$/i],
  [
    /\b(?:europe|european|eu)\b/i,
    /^(?:united kingdom|germany|france|netherlands|spain|italy|sweden|switzerland|poland|belgium|austria|denmark|norway|ireland|finland|portugal)$/i,
  ],
  [/\bdutch\b/i, /^netherlands$/i],
  [/\bgerman\b/i, /^germany$/i],
  [/\bfrench\b/i, /^france$/i],
  [/\bspanish\b/i, /^spain$/i],
  [/\bitalian\b/i, /^italy$/i],
]

const trades: Rule[] = [
  [/\b(?:software|saas|tech|technology)\b/i, /software|information technology|internet/i],
  [/\b(?:fintechs?|financial|finance compan(?:y|ies))\b/i, /financial services/i],
  [/\bbanks?\b|\bbanking\b/i, /banking/i],
  [/\binsur(?:ance|ers?)\b/i, /insurance/i],
  [/\b(?:agenc(?:y|ies)|advertising)\b/i, /marketing & advertising|^marketing$/i],
  [/\be-?commerce\b|\b(?:online|web) ?(?:shops?|stores?)\b/i, /e-commerce/i],
  [/(?<!\be-?commerce |\bonline |\bweb )\b(?:retail(?:ers?)?|shops|stores)\b/i, /retail/i],
  [/\b(?:health(?:care)?|hospitals?|clinics?|medical|dentists?|dental)\b/i, /health/i],
  [/\b(?:construction|builders|contractors)\b/i, /construction/i],
  [/\b(?:real estate|propert(?:y|ies)|landlords?)\b/i, /real estate/i],
  [/\b(?:consult(?:ing|ants?|anc(?:y|ies)))\b/i, /consulting/i],
  [/\btelecom/i, /telecom/i],
  [/\b(?:logistics|freight|shipping|carriers?|transport)\b/i, /logistics/i],
  [/\b(?:automotive|car dealers?|garages?)\b/i, /automotive/i],
  [/\b(?:biotech(?:nology)?|pharma)\b/i, /biotech/i],
  [/\b(?:renewables?|solar|wind power|energy)\b/i, /renewables/i],
  [/\b(?:food|restaurants?|beverages?|caf[eé]s?)\b/i, /food/i],
  [/\b(?:fashion|apparel|clothing)\b/i, /fashion/i],
  [/\b(?:media|video|film|publishers?)\b/i, /media/i],
  [/\b(?:staffing|recruitment (?:firms?|agenc(?:y|ies)))\b/i, /human resources/i],
  [/\b(?:law(?:yers?| firms?)|legal|attorneys?)\b/i, /legal/i],
  [/\b(?:manufactur(?:ers?|ing)|machine(?:s|ry)|factor(?:y|ies))\b/i, /mechanical|manufactur/i],
  [/\b(?:universit(?:y|ies)|colleges?|higher education)\b/i, /education/i],
]

const sizeWords: [said: RegExp, from: number, to: number][] = [
  [/\b(?:start-?ups?|small|solo|freelancers?)\b/i, 1, 50],
  [/\b(?:smbs?|smes?|small (?:and|or|to) (?:medium|mid-?size))/i, 11, 200],
  [/\b(?:mid-?sized?|mid-?market|medium(?:-sized)?|growing)\b/i, 51, 500],
  [/\b(?:enterprises?|large|corporat(?:e|ions?))\b/i, 1_001, Number.POSITIVE_INFINITY],
]

/** Whom the text means, in the directory's words. A list stays empty where the text says nothing of it, but for titles: somebody decides. */
export function readAudience(
  { audience, rest }: { audience: string; rest: string },
  options: DirectoryOptions,
): Criteria {
  const titles = readTitles(audience, options) ?? readTitles(rest, options)
  const whom = audience === '' ? rest : audience
  return {
    titles: titles ?? usualTitles(options),
    countries: pick(options.countries, whom, regions),
    industries: pick(options.industries, whom, trades),
    companySizes: readSizes(whom, options),
  }
}

function readTitles(text: string, { titles }: DirectoryOptions): string[] | null {
  const named = titles.filter(({ value }) => names(text, value))
  const meant = departments.flatMap(([said, means]) => (said.test(text) ? [means] : []))
  const found = titles.filter(
    (title) => named.includes(title) || (decides.test(title.value) && meant.some((means) => means.test(title.value))),
  )
  return found.length === 0 ? null : found.slice(0, 10).map(({ value }) => value)
}

function usualTitles({ titles }: DirectoryOptions): string[] {
  const usual = titles.filter(({ value }) => /founder|^ceo$|owner|managing director/i.test(value))
  return (usual.length > 0 ? usual : titles).slice(0, 6).map(({ value }) => value)
}

function pick(words: DirectoryOptions['countries'], text: string, rules: Rule[]): string[] {
  const meant = rules.flatMap(([said, means]) => (said.test(text) ? [means] : []))
  return words
    .filter(({ value }) => names(text, value) || meant.some((means) => means.test(value)))
    .map(({ value }) => value)
}

/** The text has the word as it stands, in the singular or the plural. */
function names(text: string, value: string): boolean {
  const word = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${word}s?(?![\\p{L}\\p{N}])`, 'iu').test(text)
}

function readSizes(text: string, { companySizes }: DirectoryOptions): string[] {
  const ranges = [
    ...text.matchAll(/(\d[\d,.]*)\s*(?:-|–|to|and)\s*(\d[\d,.]*)\s*(?:employees|people|staff|persons)/gi),
  ].map(([, from, to]): [number, number] => [numberOf(from!), numberOf(to!)])
  for (const [said, from, to] of ranges.length > 0 ? [] : sizeWords) if (said.test(text)) ranges.push([from, to])
  return companySizes
    .filter(({ value }) => {
      const numbers = value.replaceAll(',', '').match(/\d+/g)?.map(Number) ?? []
      const [low = 0, high = Number.POSITIVE_INFINITY] = numbers
      return ranges.some(([from, to]) => low <= to && high >= from)
    })
    .map(({ value }) => value)
}

const numberOf = (text: string) => Number(text.replace(/\D/g, ''))
