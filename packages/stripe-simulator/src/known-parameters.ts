import { badParameter } from './fault.ts'
import type { Params } from './form.ts'

/** Refuses what Stripe would refuse, and what is not simulated, inside a parameter; the top level is checked by the route's `takes`. */
export function onlyKnows(params: Params, names: readonly string[]): void {
  const unknown = params.names().find((name) => !names.includes(name))
  if (unknown === undefined) return
  const full = params.nameOf(unknown)
  throw badParameter(full, `Received unknown parameter: ${full}`, 'parameter_unknown')
}
