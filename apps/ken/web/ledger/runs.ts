/** Entries that stand directly one after another and say the same: one mailing uses an email send six hundred times. */
import type { LedgerRow } from './api.ts'
import { changeText } from './words.ts'

/** Fewer read as well one by one. */
const fewest = 3

/** Rows in the ledger's order in runs of the same kind, meter, cause and actor, each as long as it gets; one alone is a run of one. */
export function runsOf(rows: LedgerRow[]): LedgerRow[][] {
  const runs: LedgerRow[][] = []
  for (const row of rows) {
    const last = runs.at(-1)
    if (last !== undefined && isAlike(last[0]!, row)) last.push(row)
    else runs.push([row])
  }
  return runs.flatMap((run) => (run.length < fewest ? run.map((row) => [row]) : [run]))
}

// An allowance that becomes unlimited has no sum.
const isAlike = (one: LedgerRow, other: LedgerRow) =>
  one.change.limit !== null &&
  other.change.limit !== null &&
  one.kind === other.kind &&
  one.meter === other.meter &&
  one.cause.text === other.cause.text &&
  one.cause.href === other.cause.href &&
  one.by === other.by

/** What a run of several has changed: "600 × Used +1" and "= +600"; where the entries differ, "600 entries" and "Used +734". */
export function runText(run: LedgerRow[], many: string): { each: string; total: string } {
  const changes = new Set(run.map(changeText))
  const total = changeText(sumOf(run))
  const [only] = changes
  if (changes.size > 1 || only === undefined) return { each: `${many} entries`, total }
  return { each: `${many} × ${only}`, total: `= ${withoutWord(total)}` }
}

/** "Used +600" as "+600", where the word has just been said; two figures keep theirs. */
const withoutWord = (change: string) => (change.includes(', ') ? change : change.replace(/^[A-Z][a-z]+ (?=[+−])/, ''))

function sumOf(run: LedgerRow[]): LedgerRow {
  const add = (of: (row: LedgerRow) => number | null) => run.reduce((sum, row) => sum + (of(row) ?? 0), 0)
  const change = {
    limit: add((row) => row.change.limit),
    used: add((row) => row.change.used),
    reserved: add((row) => row.change.reserved),
    overage: add((row) => row.change.overage),
  }
  return { ...run[0]!, change, quantity: add((row) => row.quantity) }
}
