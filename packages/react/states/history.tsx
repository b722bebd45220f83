import type { HistoryWire } from '@headroom/sdk'
import { UsageHistoryView, type Answer } from '../src/index.ts'
import { starter } from '../test/sample-usage.ts'
import { historyOf, noHistory } from './sample-books.ts'
import type { StatesOf } from './state.ts'

const view = (history: Answer<HistoryWire>) => (
  <UsageHistoryView history={history} meters={starter.meters} onRetry={() => {}} />
)
const ready = (value: HistoryWire) => view({ status: 'ready', value })

export const history: StatesOf = {
  part: 'UsageHistory',
  states: [
    {
      name: 'history',
      title: 'A period and those before it',
      when: 'A bar for each day, the same figures as a table on demand, and what earlier periods came to.',
      node: ready(historyOf()),
      texts: [
        'Emails sent',
        'Most on ',
        'Show days as a table',
        'Earlier periods',
        '1 Oct – 1 Nov 2026',
        '750 of 1,000',
      ],
      also: ['dark', '390'],
    },
    {
      name: 'history-unlimited',
      title: 'Unlimited',
      when: 'Counts without a denominator.',
      node: ready(historyOf({ email_sends: null, ai_campaigns: null })),
      texts: ['750 of 1,000'],
      absent: [' of 4,000', ' of 3'],
    },
    {
      name: 'history-loading',
      title: 'Loading',
      when: 'Frames at the height of the charts.',
      node: view({ status: 'loading', value: null }),
      texts: ['Loading usage history'],
    },
    {
      name: 'history-empty',
      title: 'Nothing used yet',
      when: 'What will stand here.',
      node: ready(noHistory),
      texts: ['Nothing used yet.'],
      absent: ['Earlier periods'],
    },
    {
      name: 'history-failed',
      title: 'Could not be loaded',
      when: 'With Retry.',
      node: view({ status: 'error', value: null, error: new Error('503') }),
      texts: ['Usage history could not be loaded', 'Retry'],
    },
  ],
}
