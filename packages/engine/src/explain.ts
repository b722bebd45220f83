import { available, balanceWire, meterOf, type Draft, type ExplainWire } from '@headroom/core'
import { counted, number } from './explain-words.ts'
import { limitSentences } from './explain-limit.ts'
import { holdSentences, useSentences } from './explain-use.ts'
import type { Reader } from './reader.ts'

/**
 * Why a balance is what it is: what the plan allows and what was added, who used how much, who holds how much and since when, and what
 * follows. The quantities of the sentences about a figure add up to it. `settleIfDue` books what time has brought; where a period ends
 * right behind that, it is asked again, as the books do not tell of the new one yet.
 */
export async function explain(
  reader: Reader,
  { workspace, meter }: { workspace: string; meter: string },
  settleIfDue: (workspace: string) => Promise<void>,
  tries = 3,
): Promise<ExplainWire | 'unknown_meter' | undefined> {
  await settleIfDue(workspace)
  const explained = await reader.snapshot(async (client) => {
    const draft = await reader.draft(client, workspace)
    if (!draft) return undefined
    if (!meterOf(draft.catalog, meter)) return 'unknown_meter'
    if (draft.entries.length > 0 && tries > 1) return 'due'
    const parts = await Promise.all([
      limitSentences(client, draft, meter),
      useSentences(client, draft, meter),
      holdSentences(client, draft, meter),
    ])
    const balance = balanceWire(draft.balance(meter))
    return { meter, balance, sentences: [...parts.flat(), conclusion(draft, meter)] }
  })
  return explained === 'due' ? explain(reader, { workspace, meter }, settleIfDue, tries - 1) : explained
}

function conclusion(draft: Draft, meter: string): ExplainWire['sentences'][number] {
  const balance = draft.balance(meter)
  const { limit, used, reserved, overage } = balance
  const left = available(balance)
  if (limit === null || left === null) {
    const text = `${number(used)} used. There is no limit, so nothing can run out.`
    return { text, figure: 'available', quantity: null, entries: [] }
  }
  const sum = `${number(limit)} limit − ${number(used)} used − ${number(reserved)} reserved`
  const over = overage > 0 ? `, which is ${number(overage)} over the limit` : ''
  const text = `${counted(draft, meter, left)} left: ${sum}${over}.`
  return { text, figure: 'available', quantity: left, entries: [] }
}
