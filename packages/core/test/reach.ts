/**
 * What the random histories really got to. A generator that never reaches a state tests nothing about it, and nobody notices;
 * so the model notes each state worth the name, and the run fails when one was met too rarely.
 */
const counts = new Map<string, number>()

export function reach(state: string): void {
  counts.set(state, (counts.get(state) ?? 0) + 1)
}

export const reached = (): ReadonlyMap<string, number> => counts
