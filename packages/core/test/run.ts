/** Runs operations through `decide` and the store, as the engine would: load, decide, apply, and once more while 'again' is said. */
import { decide } from '../src/decide.ts'
import type { Answer, Operation } from '../src/operations.ts'
import type { Instant } from '../src/words.ts'
import type { Store } from './store.ts'

/** One batch, decided once; 'again' is handed on. */
export function runOnce(store: Store, operations: readonly Operation[], now: Instant): (Answer | 'again')[] {
  const { answers, changes } = decide(store.load(operations, now), operations, now)
  store.apply(changes)
  return answers
}

/** One batch, until every operation has its answer; says how many rounds it took. */
export function run(
  store: Store,
  operations: readonly Operation[],
  now: Instant,
): { answers: Answer[]; rounds: number } {
  const answers: (Answer | undefined)[] = operations.map(() => undefined)
  let waiting = operations.map((_, index) => index)
  for (let rounds = 1; ; rounds++) {
    if (rounds > 50) throw new Error('still due after 50 rounds')
    const given = runOnce(
      store,
      waiting.map((index) => operations[index]!),
      now,
    )
    waiting.forEach((index, at) => {
      const answer = given[at]!
      if (answer !== 'again') answers[index] = answer
    })
    waiting = waiting.filter((index) => answers[index] === undefined)
    if (waiting.length === 0) return { answers: answers as Answer[], rounds }
  }
}
