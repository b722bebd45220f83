/** What was asked and what was answered, in the order in which this process saw it: all that the checker knows of the clients. */

export interface Asked {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  body?: object
  /** Idempotency-Key. */
  key?: string
}

export interface Answer {
  status: number
  text: string
  replayed: boolean
}

export interface Call {
  n: number
  client: string
  /** Null: it is about none, or about several. */
  workspace: string | null
  kind: string
  asked: Asked
  /** When it was first sent and when it was answered, on the history's own count. */
  sentAt: number
  answeredAt: number | null
  sends: number
  /** Which server was asked last. */
  server: number
  /** Null: nobody knows whether it has happened. */
  answer: Answer | null
  /** What a repeat of it was answered. */
  repeat: Answer | null
  /** It was refused with the word that nothing has happened. */
  isNothing: boolean
  /** Whoever asked went on until the very end, and nobody could say what became of it. */
  isGivenUp: boolean
}

export class History {
  readonly calls: Call[] = []
  #count = 0

  tick(): number {
    return ++this.#count
  }

  begin(client: string, workspace: string | null, kind: string, asked: Asked): Call {
    const call: Call = {
      n: this.calls.length,
      client,
      workspace,
      kind,
      asked,
      sentAt: this.tick(),
      answeredAt: null,
      sends: 0,
      server: -1,
      answer: null,
      repeat: null,
      isNothing: false,
      isGivenUp: false,
    }
    this.calls.push(call)
    return call
  }
}

/**
 * What was known at one moment, `from`, of what had been asked until another: what was answered in between may have happened or not.
 */
export function knownAt({ calls }: History, from: number, until: number): Call[] {
  return calls
    .filter(({ sentAt }) => sentAt <= until)
    .map((call) =>
      call.answeredAt !== null && call.answeredAt <= from
        ? call
        : { ...call, answer: null, answeredAt: null, repeat: null, isNothing: false, isGivenUp: false },
    )
}

export const bodyOf = <Body>(answer: Answer): Body => JSON.parse(answer.text) as Body
