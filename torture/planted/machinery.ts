/** Mistakes in what carries the rules: locks, transactions, the sweeper, and the way of money. */
import { plant, type Plant } from './plant.ts'

const engine = (file: string) => `packages/engine/src/${file}.ts`
const stripe = (file: string) => `packages/stripe/src/${file}.ts`

export const plantedInMachinery: Plant[] = [
  plant(
    'what is due is looked for without its state',
    'I6: what has ended is ended again',
    engine('load'),
    'and r.state = 0 and r.expires_at >= w.wake_at',
    'and r.expires_at >= w.wake_at',
  ),
  plant(
    'the version is not compared',
    'I3: two servers write over each other',
    engine('write'),
    'where w.workspace_id = any(array[t.w]) and w.version = t.before and',
    'where w.workspace_id = any(array[t.w]) and',
  ),
  plant(
    'the answer goes out before the commit',
    'I12: what was answered is not there',
    engine('lane'),
    'const arrival = commit(client, statements, changes, assumed, isOpen).then(',
    'this.#answer(going, given)\n    const arrival = commit(client, statements, changes, assumed, isOpen).then(',
  ),
  {
    name: 'a COMMIT that became a ROLLBACK is taken for one',
    breaks: 'I12: what was answered was undone',
    replacements: [
      {
        file: engine('transaction'),
        before:
          'if (failed) throw new BatchFault(failed.reason, isAlone && isLost(failed.reason) && !wasNotSent(failed.reason))',
        after: '',
      },
      {
        file: engine('transaction'),
        before: "if (committed && committed.value.command !== 'COMMIT')",
        after: 'if (committed && committed.value.command === undefined)',
      },
    ],
  },
  plant(
    'a batch is written in part',
    'I3: the balance moves and its entry is missing',
    'packages/core/src/draft.ts',
    'for (const entry of this.entries) into.entries.push(entry)',
    'for (const entry of this.entries.slice(0, 4)) into.entries.push(entry)',
  ),
  plant(
    "another workspace's reservation is found by its id",
    'I11: an operation touches two workspaces',
    engine('load'),
    'where r.workspace_id = n.w and r.id = n.i offset 0) r\n  ${balancesOfOlderPeriod',
    'where r.id = n.i offset 0) r\n  ${balancesOfOlderPeriod',
  ),
  plant(
    'nothing is swept',
    'I6: where nobody asks, an overdue hold is held for ever',
    engine('sweeper'),
    'await Promise.all(rows.map(({ workspace_id }) => this.#settle(workspace_id)))',
    'void this.#settle',
  ),
  plant(
    'an unknown outcome is sent again without a key',
    'I9: a use counts twice',
    engine('repeatable'),
    "if (operation.op === 'use') return false",
    '',
  ),
  plant(
    'a grant is named anew each time',
    'I7: it is granted as often as somebody looks',
    stripe('book-purchase'),
    "const source = { type: 'purchase', id } as const",
    "const source = { type: 'purchase', id: id.endsWith('_won') ? id : mint('pur') } as const",
  ),
  plant(
    'a session that is not paid yet is granted',
    'I7: an unpaid purchase is granted',
    stripe('checkout-outcome'),
    "session.status === 'complete' && session.payment_status !== 'unpaid'",
    "session.status === 'complete'",
  ),
]
