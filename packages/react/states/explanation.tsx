import type { ReactNode } from 'react'
import type { ExplainWire } from '@headroom/sdk'
import { MeterExplanationView, type Answer, type MeterExplanationViewProps } from '../src/index.ts'
import { meterOf } from '../test/sample-usage.ts'
import { entries, explanation, untouched } from './sample-books.ts'
import type { StatesOf } from './state.ts'

const known: MeterExplanationViewProps['entries'] = { status: 'ready', value: entries, retry: () => {} }

function dialog(answer: Answer<ExplainWire>, meter = meterOf('leads', 640, 2000, 200)): ReactNode {
  return (
    <MeterExplanationView
      meter={meter}
      explanation={answer}
      entries={known}
      ledgerHref="/settings/billing/ledger?meter=leads"
      onRetry={() => {}}
      onAsk={() => {}}
      onClose={() => {}}
    />
  )
}

export const meterExplanation: StatesOf = {
  part: 'MeterExplanation',
  states: [
    {
      name: 'why',
      title: 'Why this number?',
      when: 'What the limit is made of, who used and who holds how much, what is left; behind each the ledger’s entries.',
      node: dialog({ status: 'ready', value: explanation }),
      texts: [
        '640 of 2,000 leads',
        'Starter plan with 1,000 contacts: 1,000 leads',
        'added on 20 Nov 2026, 10:02 UTC by purchase pur_1',
        'reserved by "Q4 founders" since 23 Nov 2026, 17:58 UTC',
        '1,160 leads left: 2,000 limit − 640 used − 200 reserved.',
        '1 ledger entry',
        'Open the ledger',
      ],
      also: ['dark', '390'],
    },
    {
      name: 'why-loading',
      title: 'Loading',
      when: 'The figure is there; its parts are blank.',
      node: dialog({ status: 'loading', value: null }),
      texts: ['640 of 2,000 leads', 'Loading the explanation', 'Close'],
    },
    {
      name: 'why-empty',
      title: 'Nothing to explain yet',
      when: 'Each part says that there is none.',
      node: dialog({ status: 'ready', value: untouched }, meterOf('ai_campaigns', 0, 0)),
      texts: ['Nothing was allowed', 'Nothing was used in this period yet.', '0 AI credits left'],
    },
    {
      name: 'why-failed',
      title: 'Could not be loaded',
      when: 'With Retry; the figure stays.',
      node: dialog({ status: 'error', value: null, error: new Error('503') }),
      texts: ['640 of 2,000 leads', 'The explanation could not be loaded', 'Retry'],
    },
  ],
}
