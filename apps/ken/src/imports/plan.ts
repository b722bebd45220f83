/** What an import would bring: the cap, in figures and in words, and what to do when it does not fit. */
import type { VerdictWire, ViewerOf } from '@headroom/sdk'
import { leads, type Context } from '../context.ts'
import { Problem } from '../http/problem.ts'
import type { Member } from '../people/session.ts'
import { showUpload, type UploadView } from './uploads.ts'

/** The most a target may be; more than any file could bring. */
const mostTarget = 1_000_000_000

export interface PlanView {
  estimate: number
  target: number | null
  available: number | null
  reserve: number
  boundBy: 'target' | 'estimate' | 'available' | 'none'
  sentence: string
  verdict: VerdictWire
}

export const viewerOf = (member: Member): ViewerOf => ({ role: member.role, viewerId: member.userId })

/** What an import of this file would set aside, and which of target, estimate and balance says so. Advice: the reservation decides. */
export async function planImport(
  context: Context,
  member: Member,
  uploadId: string,
  target: number | null,
): Promise<PlanView> {
  const { estimate, source } = await estimateOf(context, member, uploadId)
  const wanted = Math.min(target ?? estimate, estimate)
  const verdict = await context.headroom
    .as(viewerOf(member))
    .check(member.workspace.id, [{ meter: leads, quantity: Math.max(1, wanted) }])
  const available = verdict.lines[0]?.available ?? null
  const reserve = Math.min(wanted, available ?? wanted)
  const boundBy = reserve < wanted ? 'available' : bound(target, estimate)
  return {
    estimate,
    target,
    available,
    reserve,
    boundBy,
    sentence: inWords({ estimate, target, available, reserve }, source === 'csv' ? 'file' : 'list'),
    verdict,
  }
}

function bound(target: number | null, estimate: number): 'target' | 'estimate' | 'none' {
  if (target === null || target === estimate) return 'none'
  return target < estimate ? 'target' : 'estimate'
}

const number = new Intl.NumberFormat('en-US')

const stopsAt = (quantity: number) =>
  `the import stops when ${number.format(quantity)} ${quantity === 1 ? 'has' : 'have'} counted`

/** The cap in words; each figure is named, so that the smallest can be seen to be the smallest. */
function inWords(plan: Pick<PlanView, 'estimate' | 'target' | 'available' | 'reserve'>, what: 'file' | 'list'): string {
  const { estimate, target, available, reserve } = plan
  const contacts = `${number.format(estimate)} ${estimate === 1 ? 'contact' : 'contacts'}`
  const left = available === null ? '' : `${number.format(available)} ${available === 1 ? 'lead is' : 'leads are'} left`
  if (estimate === 0) {
    return what === 'file'
      ? 'No row has an address that could still count in this period: the file can be imported, and no lead is used.'
      : 'Nobody has an address that could still count in this period: the list can be imported, and no lead is used.'
  }
  if (available === 0)
    return `This ${what} has ${contacts} that could count, and no leads are left: nothing can be imported now.`
  const wanted = Math.min(target ?? estimate, estimate)
  if (available !== null && available < wanted) {
    // A number of one's own that is more than what is left has to be lowered first; without one the import takes what is left.
    return target === null
      ? `This ${what} has ${contacts} that could count, and ${left}: ${stopsAt(reserve)}.`
      : `${number.format(reserve)} of the ${number.format(wanted)} ${reserve === 1 ? 'fits' : 'fit'}: that is what is left. Lower the number to start the import.`
  }
  if (target !== null && target < estimate) {
    // The field may begin with what is left: then that is the bound, whoever wrote the number.
    return target === available
      ? `This ${what} has ${contacts} that could count, and ${left}: ${stopsAt(reserve)}.`
      : `This ${what} has ${contacts} that could count: ${stopsAt(target)}, as you asked.`
  }
  if (target !== null && target > estimate) {
    return `You asked for ${number.format(target)}; this ${what} has ${contacts} that could count, so at most that many do.`
  }
  const room = available === null ? 'leads are unlimited on this plan' : left
  return `This ${what} has ${contacts} that could count, and ${room}. Those that do not qualify or verify are not counted.`
}

/** Reads `?target=` or a body's `target`: nothing, or a whole number from 1. */
export function targetOf(value: unknown): number | null {
  if (value === undefined || value === null || value === '') return null
  const target = typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : value
  if (typeof target === 'number' && Number.isSafeInteger(target) && target >= 1 && target <= mostTarget) return target
  throw new Problem('invalid_request', 'The target must be a whole number from 1 to 1,000,000,000.', {
    errors: [{ path: 'target', message: 'A whole number from 1 to 1,000,000,000.' }],
  })
}

/** How many leads an import of this file or list could bring now, at the most. */
export async function estimateOf(
  { database, headroom }: Context,
  member: Member,
  uploadId: string,
): Promise<Pick<UploadView, 'estimate' | 'source'>> {
  // Asked for the file first: a name that is not there is not found, whether or not Headroom can be asked.
  await showUpload(database, member, uploadId, null)
  const { period } = await headroom.usage(member.workspace.id)
  return showUpload(database, member, uploadId, period.start)
}
