/** Plays one random history: `decide` on the store against the model, compared after every batch. */
import type { Operation } from '../src/operations.ts'
import type { Instant } from '../src/words.ts'
import { smallCatalog } from './catalog.ts'
import { compareAnswer, same, Watch } from './compare.ts'
import { Choices } from './choices.ts'
import { History } from './history.ts'
import { Model } from './model.ts'
import type { Said } from './model/world.ts'
import { reach } from './reach.ts'
import { workspace } from './requests.ts'
import { run } from './run.ts'
import { Store } from './store.ts'

export const totals = { histories: 0, batches: 0, operations: 0, refusals: 0 }

/** Plays one history; `flood` puts a batch into it that leaves more due than one round settles. */
export function play(bytes: Uint8Array, flood = false): void {
  const choices = new Choices(bytes)
  const store = new Store(smallCatalog)
  const model = new Model(smallCatalog)
  const history = new History(choices, model)
  const watch = new Watch(store, model, workspace)
  const texts = new Map<string, string | undefined>()
  const steps: { now: Instant; operations: Operation[] }[] = []
  try {
    do {
      const flooding = flood && model.found && steps.length % 4 === 1
      const now = flooding ? history.floodInstant() : history.nextInstant()
      // No clock of a server counts: a batch is decided at its own instant or at the workspace's last one, whichever is later.
      const last = store.workspaces.rows.get(workspace)?.at ?? now
      const t = Math.max(now, last)
      if (last > now) reach('the clock went back')
      if (model.found) model.settle(t)

      const operations: Operation[] = []
      const said: Said[] = []
      const count = choices.weighted([
        [190, 1],
        [42, 2],
        [24, 3],
      ] as const)
      const next = flooding ? history.flood() : undefined
      do {
        const operation = next ? next[operations.length]! : history.nextOperation()
        operations.push(operation)
        said.push(model.do(operation, t))
      } while (operations.length < (next ? next.length : count))

      steps.push({ now, operations })
      const { answers, rounds } = run(store, operations, now)
      if (rounds > 1) {
        reach('again: more was due than one round settles')
        watch.unfinished = true
      }
      answers.forEach((answer, index) => {
        compareAnswer(answer, said[index]!)
        const { key } = operations[index]!
        if (key !== null && answer.status !== 422) {
          if (answer.replayed) same('the text replayed', answer.text, texts.get(key))
          else texts.set(key, answer.text)
        }
        if (answer.status >= 400) totals.refusals += 1
      })
      watch.check()
      totals.batches += 1
      totals.operations += operations.length
    } while (!choices.done)
    totals.histories += 1
  } catch (fault) {
    throw new Error(`${(fault as Error).message}\n${story(steps)}`, { cause: fault })
  }
}

function story(steps: { now: Instant; operations: Operation[] }[]): string {
  const shown = ({ now, operations }: (typeof steps)[number]) =>
    operations.map((operation) => {
      const { workspace: _w, request: _r, requestId: _i, actor: _a, viewer: _v, op, ...rest } = operation
      return `  ${new Date(now).toISOString()}  ${op} ${JSON.stringify(rest)}`
    })
  const lines = steps.flatMap(shown)
  return lines.length > 60 ? [...lines.slice(0, 20), '  …', ...lines.slice(-20)].join('\n') : lines.join('\n')
}
