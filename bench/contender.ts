/** What a contender's own tables say. */
export interface Totals {
  used: number
  reserved: number
  /** Ledger entries of reservations and commits. */
  entries: number
  /** Balances above their limit. */
  over: number
  /** Balances that differ from what their ledger adds up to. */
  unlike: number
  /** Whether commits wait for the disk, asked where the contender's own work runs. */
  durable: boolean
}

/** One way of keeping the same books. Each reserve and each commit is one operation: durable when its promise resolves. */
export interface Contender {
  name: string
  /** It counts and nothing else: no holds, no ledger, no repeats, so nothing to commit. */
  counter?: true
  /** On how many meters each operation is booked, all or nothing. Default 1. */
  meters?: number
  /** True when it was granted, also to a repeat under the same id. */
  reserve(workspace: number, id: string, quantity: number): Promise<boolean>
  commit(workspace: number, id: string, quantity: number): Promise<boolean>
  /** Whether so much would be granted now; changes nothing. */
  check?(workspace: number, quantity: number): Promise<boolean>
  totals(): Promise<Totals>
  /** Counts everything again, entry by entry; throws where something is wrong. Slow. */
  audit?(): Promise<void>
  stop(): Promise<void>
}

/** How a contender's tables are set up: so many workspaces, each with one limit on each of its meters. */
export interface Setup {
  workspaces: number
  limit: number
  meters?: number
}
