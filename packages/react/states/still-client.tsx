/** A client that answers what it was given, at once and always the same; what it was not given it never answers. */
import type { ReactNode } from 'react'
import type {
  CatalogWire,
  EntryWire,
  ExplainWire,
  HistoryWire,
  PurchaseWire,
  ReservationWire,
  UsageWire,
} from '@headroom/sdk'
import { HeadroomProvider, type HeadroomClient } from '../src/index.ts'

export interface Answers {
  usage?: UsageWire | Error
  catalog?: CatalogWire | Error
  purchases?: PurchaseWire[] | Error
  reservations?: ReservationWire[] | Error
  history?: HistoryWire | Error
  explanation?: ExplainWire | Error
  entries?: EntryWire[] | Error
}

const never = <Value,>(): Promise<Value> => new Promise(() => {})

function answer<Given, Value>(given: Given | Error | undefined, as: (given: Given) => Value): Promise<Value> {
  if (given === undefined) return never()
  return given instanceof Error ? Promise.reject(given) : Promise.resolve(as(given))
}

const itself = <Value,>(value: Value): Value => value
const page = <Item,>(data: Item[]) => ({ data, nextCursor: null })

export function stillClient(answers: Answers): HeadroomClient {
  return {
    usage: () => answer(answers.usage, itself),
    catalog: () => answer(answers.catalog, itself),
    reservations: () => answer(answers.reservations, page),
    explain: () => answer(answers.explanation, itself),
    ledger: () => answer(answers.entries, page),
    history: () => answer(answers.history, itself),
    purchases: {
      list: () => answer(answers.purchases, page),
      checkout: never,
      portal: never,
      reconcile: never,
    },
    async *events(_workspace, { signal, onConnection } = {}) {
      onConnection?.(true)
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
      yield* []
    },
  }
}

export function Still({ answers, children }: { answers: Answers; children: ReactNode }) {
  return (
    <HeadroomProvider client={stillClient(answers)} workspace="ws_1">
      {children}
    </HeadroomProvider>
  )
}
