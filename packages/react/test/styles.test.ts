import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('../src/styles.css', import.meta.url), 'utf8')

/** The tokens a selector sets. */
function tokensOf(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`))
  const declared = block.slice(0, block.indexOf('}')).matchAll(/--hr-([a-z-]+): (#[0-9a-f]{6});/g)
  return Object.fromEntries([...declared].map(([, name, value]) => [name!, value!]))
}

/** WCAG 2 contrast of two colours. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    const [red, green, blue] = channels.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
  }
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light! + 0.05) / (dark! + 0.05)
}

const texts = [
  ...['ink', 'ink-quiet', 'accent-ink', 'warn-ink', 'danger-ink', 'good-ink'].flatMap((ink) => [
    [ink, 'surface'],
    [ink, 'ground'],
  ]),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['accent-ink', 'accent-soft'],
  ['good-ink', 'good-soft'],
  ['warn-ink', 'warn-soft'],
  ['danger-ink', 'danger-soft'],
] as const
/** Bars, borders of controls and the focus ring need less, against what they stand on. */
const shapes = [
  ['accent', 'line'],
  ['warn', 'line'],
  ['danger', 'line'],
  ['accent', 'surface'],
  ['accent', 'ground'],
  ['line-strong', 'surface'],
] as const

test.each([
  ['light', ':root'],
  ['dark', ":root[data-theme='dark']"],
])('%s: text stands out at 4.5:1, shapes at 3:1', (_, selector) => {
  const tokens = tokensOf(selector)
  for (const [ink, ground] of texts) {
    expect(contrast(tokens[ink]!, tokens[ground]!), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  }
  for (const [shape, ground] of shapes) {
    expect(contrast(tokens[shape]!, tokens[ground]!), `${shape} on ${ground}`).toBeGreaterThanOrEqual(3)
  }
})

test('dark by the system and dark by choice are the same', () => {
  expect(tokensOf(":root:not([data-theme='light'])")).toEqual(tokensOf(":root[data-theme='dark']"))
  expect(Object.keys(tokensOf(":root[data-theme='dark']"))).toEqual(Object.keys(tokensOf(':root')))
})
