/** Renders to HTML and reads it as a browser would. */
import { Window } from 'happy-dom'
import type { ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'

export type Dom = ReturnType<typeof render>

export function render(element: ReactElement) {
  const window = new Window()
  window.document.body.innerHTML = renderToStaticMarkup(element)
  const { body } = window.document
  return {
    text: () => body.textContent,
    all: (selector: string) => [...body.querySelectorAll(selector)],
    one(selector: string) {
      const found = body.querySelector(selector)
      if (found === null) throw new Error(`Nothing matches ${selector} in ${body.innerHTML}`)
      return found
    },
    /** The accessible name as its label element gives it. */
    nameOf: (element: { getAttribute(name: string): string | null }) =>
      element.getAttribute('aria-label') ??
      body.querySelector(`[id="${element.getAttribute('aria-labelledby')}"]`)?.textContent,
  }
}
