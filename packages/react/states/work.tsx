import { ReservationList, ReservationListView } from '../src/index.ts'
import { starter } from '../test/sample-usage.ts'
import { building, running } from './sample-books.ts'
import type { StatesOf } from './state.ts'
import { Still } from './still-client.tsx'

export const work: StatesOf = {
  part: 'ReservationList',
  states: [
    {
      name: 'work',
      title: 'Work in progress',
      when: 'Who holds how much, and until when at the latest.',
      node: <ReservationListView reservations={[running, building]} meters={starter.meters} />,
      texts: ['"Q4 founders" import', '200 leads reserved', 'held until 18:13 UTC', '1 AI credit reserved'],
      also: ['390'],
    },
    {
      name: 'work-loading',
      title: 'Loading',
      when: 'One line, as when there is nothing.',
      node: (
        <Still answers={{ usage: starter }}>
          <ReservationList />
        </Still>
      ),
      texts: ['Loading work in progress'],
    },
    {
      name: 'work-empty',
      title: 'Nothing is reserved',
      when: 'What will stand here.',
      node: <ReservationListView reservations={[]} meters={starter.meters} />,
      texts: ['Nothing is reserved.'],
    },
    {
      name: 'work-failed',
      title: 'Could not be loaded',
      when: 'With Retry.',
      node: (
        <Still answers={{ usage: starter, reservations: new Error('503') }}>
          <ReservationList />
        </Still>
      ),
      texts: ['Work in progress could not be loaded', 'Retry'],
    },
  ],
}
