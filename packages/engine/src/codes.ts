/** Words as small numbers in the rows. Only ever appended to; an unknown number fails the operation, it is never guessed. */
import type { ReservationState, SourceType, StoredKind } from '@headroom/core'

const states: readonly ReservationState[] = ['held', 'committed', 'released', 'expired']
const sourceTypes: readonly SourceType[] = ['plan', 'purchase', 'reservation', 'use', 'operator']
const kinds: readonly StoredKind[] = [
  'grant',
  'reserve',
  'commit',
  'release',
  'expire',
  'use',
  'lapse',
  'adjust',
  'refund',
  'commit_late',
]

function codec<Word extends string>(words: readonly Word[], what: string) {
  const codes = new Map(words.map((word, code) => [word, code]))
  return {
    code: (word: Word): number => codes.get(word)!,
    word: (code: number): Word => {
      const word = words[code]
      if (word === undefined) throw new Error(`This version does not know ${what} ${code}`)
      return word
    },
  }
}

export const state = codec(states, 'reservation state')
export const sourceType = codec(sourceTypes, 'source type')
export const kind = codec(kinds, 'ledger kind')
