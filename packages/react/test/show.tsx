/** A live page in happy-dom: rendered within a provider, unmounted after each test. */
import { act, type ReactNode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach } from 'vitest'
import { HeadroomProvider } from '../src/index.ts'
import { ScriptedSource } from './scripted-source.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

const roots: Root[] = []
afterEach(() => step(() => roots.splice(0).forEach((root) => root.unmount())))

/** Does something and lets the page settle. */
export function step(change: () => void): Promise<void> {
  return act(async () => {
    change()
    await new Promise((resolve) => setTimeout(resolve))
  })
}

export async function show(page: ReactNode, source = new ScriptedSource()) {
  const place = document.body.appendChild(document.createElement('div'))
  const root = createRoot(place)
  roots.push(root)
  await step(() =>
    root.render(
      <HeadroomProvider client={source} workspace="ws_1">
        {page}
      </HeadroomProvider>,
    ),
  )
  const buttons = () => [...document.body.querySelectorAll('button')]
  return {
    source,
    place,
    /** By its words, wherever it is: a dialog stands beside the page. */
    button: (name: string) => buttons().find(({ textContent }) => textContent === name)!,
    buttonNames: () => buttons().map(({ textContent }) => textContent),
    /** The first of that name, or the `nth` after it. */
    click: (name: string, nth = 0) => {
      const named = buttons().filter(({ textContent }) => textContent === name)
      return step(() => named[nth]!.click())
    },
  }
}

/** As a person does it: the field's own setter, so that React hears of it. */
export function typeInto(field: HTMLInputElement, text: string): Promise<void> {
  return step(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(field, text)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

export const press = (target: EventTarget, key: string): Promise<void> =>
  step(() => void target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })))
