/** What is there only once the server listens, because it has to know where: who asks for it before waits. */
import type { Money } from '@headroom/stripe'

export interface Later<Thing> {
  thing: Promise<Thing>
  give: (thing: Thing | Promise<Thing>) => void
}

export function later<Thing>(): Later<Thing> {
  let give!: Later<Thing>['give']
  const thing = new Promise<Thing>((resolve) => (give = resolve))
  return { thing, give }
}

/** Money that is still being opened. What sells waits until its prices are there, and nothing else does. */
export function laterMoney(money: Promise<Money>, prices: Promise<void>): Money {
  return {
    checkout: async (...asked) => {
      await prices
      return (await money).checkout(...asked)
    },
    portal: async (...asked) => {
      await prices
      return (await money).portal(...asked)
    },
    purchase: async (...asked) => (await money).purchase(...asked),
    purchases: async (...asked) => (await money).purchases(...asked),
    byReceipt: async (...asked) => (await money).byReceipt(...asked),
    reconcile: async (...asked) => (await money).reconcile(...asked),
    webhook: async (...sent) => (await money).webhook(...sent),
    price: async (usage) => (await money).price(usage),
    metrics: async () => (await money).metrics(),
    start: () => void money.then((money) => money.start()),
    stop: async () => (await money).stop(),
  }
}
