/** What every operation of the tests carries, and the hash that tells its content apart. */
import type { Operation } from '../src/operations.ts'

export const workspace = 'ws_1'

/** Two requests are the same content when this text is the same; lines count in any order, who asks and by which key does not. */
export function requestOf(operation: object): string {
  const {
    key: _key,
    requestId: _requestId,
    actor: _actor,
    viewer: _viewer,
    request: _request,
    ...content
  } = operation as Operation
  const lines = 'lines' in content ? [...content.lines].sort((a, b) => (a.meter < b.meter ? -1 : 1)) : undefined
  return JSON.stringify({ ...content, lines })
}

export const asked = { workspace, request: '', key: null, requestId: 'req', actor: 'key_1', viewer: 'admin' } as const

/** Gives an operation its hash. */
export function hashed<O extends Operation>(operation: O): O {
  return { ...operation, request: requestOf(operation) }
}
