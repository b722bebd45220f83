/**
 * What the people of the Leads Database do, where, in what trade and in how large a company, each with how often it comes. The words are
 * those a campaign asks for; the qualifier reads them as it reads a file's.
 */

/** A value and its weight among the others of its list. */
type Weighted = readonly [value: string, weight: number]

/** Who leads a small company, and a large one. */
const founders: Weighted[] = [
  ['Founder', 26],
  ['Founder & CEO', 20],
  ['Co-Founder & CEO', 16],
  ['CEO', 14],
  ['Owner', 14],
  ['Managing Director', 10],
]
const chiefs: Weighted[] = [
  ['CEO', 60],
  ['President', 20],
  ['Managing Director', 20],
]
/** Who stands beside them. */
const seconds: Weighted[] = [
  ['Co-Founder & CTO', 18],
  ['COO', 18],
  ['CTO', 20],
  ['CFO', 16],
  ['CMO', 14],
  ['CRO', 14],
]
const staff: Weighted[] = [
  ['VP Sales', 6],
  ['VP Marketing', 5],
  ['VP Engineering', 5],
  ['VP Product', 3],
  ['VP Operations', 3],
  ['Head of Sales', 7],
  ['Head of Marketing', 7],
  ['Head of Growth', 4],
  ['Head of Product', 4],
  ['Head of People', 4],
  ['Head of Customer Success', 4],
  ['Sales Director', 5],
  ['Marketing Director', 5],
  ['Operations Director', 4],
  ['Finance Director', 4],
  ['IT Director', 4],
  ['Sales Manager', 9],
  ['Marketing Manager', 9],
  ['Product Manager', 7],
  ['Engineering Manager', 6],
  ['Business Development Manager', 6],
  ['Customer Success Manager', 5],
  ['HR Manager', 5],
  ['Account Executive', 9],
  ['Recruiter', 5],
  ['Software Engineer', 14],
  ['Data Analyst', 6],
  ['Office Manager', 5],
  ['Executive Assistant to the CEO', 2],
]
export const rungs = { founders, chiefs, seconds, staff }

const countries: Weighted[] = [
  ['United States', 30],
  ['United Kingdom', 12],
  ['Germany', 11],
  ['France', 8],
  ['Canada', 5],
  ['Netherlands', 5],
  ['Spain', 4],
  ['Italy', 4],
  ['India', 4],
  ['Australia', 3],
  ['Sweden', 2],
  ['Switzerland', 2],
  ['Poland', 2],
  ['Belgium', 1],
  ['Austria', 1],
  ['Denmark', 1],
  ['Norway', 1],
  ['Ireland', 1],
  ['Mexico', 2],
  ['Japan', 1],
]

const industries: Weighted[] = [
  ['Computer Software', 15],
  ['Information Technology & Services', 12],
  ['Internet', 7],
  ['Financial Services', 8],
  ['Marketing & Advertising', 7],
  ['E-commerce', 5],
  ['Management Consulting', 5],
  ['Hospital & Health Care', 4],
  ['Construction', 4],
  ['Retail', 4],
  ['Real Estate', 3],
  ['Insurance', 2],
  ['Banking', 2],
  ['Telecommunications', 2],
  ['Logistics & Supply Chain', 3],
  ['Automotive', 2],
  ['Biotechnology', 2],
  ['Renewables & Environment', 2],
  ['Food & Beverages', 2],
  ['Apparel & Fashion', 1],
  ['Media Production', 2],
  ['Human Resources', 2],
  ['Legal Services', 1],
  ['Mechanical Engineering', 2],
  ['Higher Education', 1],
]

/** From the largest to the smallest, and up to which share of all companies, the largest first, each goes: few are large. */
export const sizes: { value: string; upTo: number }[] = [
  { value: '10,001+', upTo: 0.001 },
  { value: '5,001-10,000', upTo: 0.003 },
  { value: '1,001-5,000', upTo: 0.012 },
  { value: '501-1,000', upTo: 0.03 },
  { value: '201-500', upTo: 0.08 },
  { value: '51-200', upTo: 0.22 },
  { value: '11-50', upTo: 0.55 },
  { value: '1-10', upTo: 1 },
]

/** Companies from this place in the list of sizes on are led by their founders. */
export const foundersFrom = 5

/** The criteria of a campaign, and the values the directory knows for each: a value's place in its list is its number in the table. */
export const values = {
  titles: [...new Set(Object.values(rungs).flatMap((rung) => rung.map(([value]) => value)))],
  countries: countries.map(([value]) => value),
  industries: industries.map(([value]) => value),
  companySizes: sizes.map(({ value }) => value),
} as const

export type Criterion = keyof typeof values
export const criterions = Object.keys(values) as Criterion[]

/** The numbers of the values, each as often as its weight says: a draw is a place in this list. */
export const spread = (weighted: readonly Weighted[], known: readonly string[]): number[] =>
  weighted.flatMap(([value, weight]) => Array.from({ length: weight }, () => known.indexOf(value)))

export const spreadCountries = spread(countries, values.countries)
export const spreadIndustries = spread(industries, values.industries)
