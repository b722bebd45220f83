/** Why a row does not count, in the words the pages show. Each row of an import has one of these, or counts. */
import type { Fault } from './contact.ts'
import type { Disqualified } from './qualifier.ts'
import type { Verification } from './verifier.ts'

export type Reason =
  | Fault
  | Disqualified
  | Exclude<Verification, 'safe' | 'verified'>
  | 'duplicate'
  | 'already_counted'
  | 'limit_reached'
  | 'credits_lost'
  | 'cancelled'
  | 'failed'
  | 'hold_ended'

/** In the order the pages list them. */
export const reasonLabels: Record<Reason, string> = {
  no_address: 'No email address',
  invalid_address: 'Not an email address',
  row_malformed: 'More cells than columns',
  duplicate: 'Duplicate in this file',
  already_counted: 'Already counted this period',
  title: 'Title does not match',
  country: 'Country does not match',
  industry: 'Industry does not match',
  company_size: 'Company size does not match',
  catch_all: 'Domain takes any address',
  risky: 'Risky or shared address',
  invalid: 'Address does not take mail',
  none: 'Domain has no mail server',
  unknown: 'Address could not be verified',
  credits_lost: 'Kept, but the held leads had ended',
  limit_reached: 'Not processed: limit reached',
  cancelled: 'Not processed: cancelled',
  failed: 'Not processed: import failed',
  hold_ended: 'Not processed: the held leads had ended',
}

/** Adds up reasons; a new object, the old one stays as it is. */
export function addReasons(counts: Record<string, number>, more: Reason[]): Record<string, number> {
  const sum = { ...counts }
  for (const reason of more) sum[reason] = (sum[reason] ?? 0) + 1
  return sum
}

export function listReasons(counts: Record<string, number>): { reason: string; label: string; count: number }[] {
  return (Object.keys(reasonLabels) as Reason[])
    .filter((reason) => (counts[reason] ?? 0) > 0)
    .map((reason) => ({ reason, label: reasonLabels[reason], count: counts[reason]! }))
}
