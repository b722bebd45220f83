import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { replaced, root } from '../bundle.ts'
import { plants } from './plants.ts'

test('every planted bug still has its place, exactly once, and changes it', () => {
  for (const { name, replacements } of plants) {
    for (const replacement of replacements) {
      const source = readFileSync(root + replacement.file, 'utf8')
      expect(replaced(source, replacement), name).not.toBe(source)
    }
  }
  expect(plants.length).toBeGreaterThanOrEqual(25)
  expect(new Set(plants.map(({ name }) => name)).size).toBe(plants.length)
})

test('a text that is not there, or there twice, cannot be planted', () => {
  const replacement = { file: 'a.ts', before: 'one', after: 'two' }
  expect(() => replaced('none', { ...replacement, before: 'some' })).toThrow('contains 0 times')
  expect(() => replaced('one, one', replacement)).toThrow('contains 2 times')
})
