import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { allStates } from '../states/index.ts'
import { pageOf, picturesOf } from '../states/pictures.ts'
import * as parts from '../src/index.ts'

const docs = fileURLToPath(new URL('../../../docs/reference/', import.meta.url))
const drawAnew = 'draw them anew: npm run pictures -w @headroom/react'

test('every state has its pictures, and every picture a state', () => {
  const named = allStates.flatMap(({ states }) => states.flatMap((state) => picturesOf(state).map(({ file }) => file)))
  expect(readdirSync(`${docs}states`).toSorted(), drawAnew).toEqual(named.toSorted())
})

test('the pictures stay small: all of them below 2.5 MB', () => {
  const sizes = readdirSync(`${docs}states`).map((file) => statSync(`${docs}states/${file}`).size)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_500_000)
})

test('the page of states shows every state, in the words it is tested by', () => {
  expect(readFileSync(`${docs}react-states.md`, 'utf8'), drawAnew).toBe(pageOf(allStates))
})

test('the reference names every part, hook and variable there is', () => {
  const page = readFileSync(`${docs}react.md`, 'utf8')
  const said = (name: string) => new RegExp(`\\b${name}\\b`).test(page)
  expect(Object.keys(parts).filter((name) => !said(name))).toEqual([])
  const css = readFileSync(new URL('../src/styles.css', import.meta.url), 'utf8')
  const variables = new Set([...css.matchAll(/^ {2}(--hr-[a-z-]+):/gm)].map(([, name]) => name!))
  expect([...variables].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
