// @vitest-environment happy-dom
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, describe, expect, test } from 'vitest'
import { allStates } from '../states/index.ts'
import { prepare } from '../states/prepare.ts'
import { step } from './show.tsx'

let unmount = () => {}
afterEach(async () => {
  await act(async () => unmount())
  document.body.replaceChildren()
})

async function shown(state: (typeof allStates)[number]['states'][number]) {
  const root = createRoot(document.body.appendChild(document.createElement('div')))
  unmount = () => root.unmount()
  await step(() => root.render(state.node))
  await prepare(state, document, step)
  return document.body
}

describe.each(allStates)('$part', ({ states }) => {
  test.each(states)('$name: $title', async (state) => {
    const body = await shown(state)
    for (const text of state.texts) expect(body.textContent).toContain(text)
    for (const text of state.absent ?? []) expect(body.textContent).not.toContain(text)
  })
})

test('whatever the state, what can be pressed or opened is named by the words on it', async () => {
  for (const state of allStates.flatMap((of) => of.states)) {
    const body = await shown(state)
    for (const one of body.querySelectorAll('button, a, summary')) {
      expect(one.textContent.trim(), state.name).not.toBe('')
      expect(one.hasAttribute('aria-label'), `${state.name}: ${one.textContent}`).toBe(false)
    }
    await act(async () => unmount())
    document.body.replaceChildren()
  }
})

test('every state has a name of its own', () => {
  const names = allStates.flatMap((of) => of.states.map(({ name }) => name))
  expect(new Set(names).size).toBe(names.length)
})
