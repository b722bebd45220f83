/** The article's headings in their order: the table of contents is made of them, and each is an anchor. */
export interface Heading {
  id: string
  title: string
  parts?: readonly Heading[]
}

export const contents = [
  { id: 'overview', title: 'Overview' },
  { id: 'before-you-start', title: 'Before you start' },
  { id: 'reading-meters', title: 'How to read your usage meters' },
  {
    id: 'topping-up',
    title: 'How to top up mid-cycle',
    parts: [
      { id: 'purchase-leads', title: 'Purchase Leads' },
      { id: 'purchase-emails', title: 'Purchase email sends' },
      { id: 'purchase-ai-credits', title: 'Purchase AI credits' },
    ],
  },
  { id: 'managing-plan', title: 'How to manage your plan' },
  {
    id: 'how-it-works',
    title: 'How it works',
    parts: [
      { id: 'three-resources', title: 'Three metered resources' },
      { id: 'remaining-credits', title: 'How remaining credits are calculated' },
      { id: 'unlimited', title: 'When a meter is unlimited' },
      { id: 'period-and-rollover', title: 'Billing period and rollover' },
    ],
  },
  { id: 'troubleshooting', title: 'Troubleshooting & debugging' },
  { id: 'faq', title: 'FAQ' },
  { id: 'related', title: 'Related articles' },
  { id: 'contact', title: 'Still need help?' },
] as const satisfies readonly Heading[]

type Top = (typeof contents)[number]
type Part = Top extends infer One ? (One extends { parts: readonly (infer Sub)[] } ? Sub : never) : never
export type HeadingId = Top['id'] | (Part extends { id: infer Id } ? Id : never)

const all: readonly Heading[] = contents.flatMap((heading: Heading) => [heading, ...(heading.parts ?? [])])

export const titleOf = (id: HeadingId): string => all.find((heading) => heading.id === id)!.title
