import type { State } from './state.ts'

/** Does with a state what a person has done to see it; `settle` waits until the page has followed. */
export async function prepare(
  { press, type }: Pick<State, 'press' | 'type'>,
  document: Document,
  settle: (change: () => void) => Promise<void> = soon,
): Promise<void> {
  await settle(() => {})
  const field = document.querySelector('input')
  if (type !== undefined && field !== null) {
    await settle(() => {
      field.focus()
      // The field's own setter, so that React hears of it.
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(field, type)
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })
    await settle(() => field.blur())
  }
  const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === press)
  if (button !== undefined) await settle(() => button.click())
}

async function soon(change: () => void): Promise<void> {
  change()
  await new Promise((resolve) => setTimeout(resolve, 50))
}
