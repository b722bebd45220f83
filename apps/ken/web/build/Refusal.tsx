import { ApiProblem } from '../ask.ts'
import { BlockedNotice } from './BlockedNotice.tsx'

/** Something asked for was not done: for want of credits with what helps, else with the reason. */
export function Refusal({ what, error }: { what: string; error: Error }) {
  const verdict = error instanceof ApiProblem ? error.verdict : null
  if (verdict !== null) return <BlockedNotice verdict={verdict} />
  return (
    <p className="notice is-danger breakable" role="alert">
      {what} {error.message}
    </p>
  )
}
