import { HttpConnection, type HttpAnswer } from './http-connection.ts'
import { measured, type Measured } from './figures.ts'

/** One caller's requests, each the next after the answer to the last. The operations are those of one answer. */
export interface Caller {
  /** What is sent next; the same string may be sent for ever. */
  request(): string
  /** Throws where the answer is not the one expected. */
  check(answer: HttpAnswer): void
  operations: number
  /** Whether the answer's body is looked at. */
  keep: boolean
}

/** Closed loop: as many connections as callers, one request at a time on each, until the time is over. */
export async function measureHttp(
  port: number,
  callers: number,
  seconds: number,
  callerOf: (caller: number) => Caller,
): Promise<Measured> {
  const connections = await Promise.all(Array.from({ length: callers }, () => HttpConnection.open(port)))
  const latencies: number[] = []
  let operations = 0
  const start = performance.now()
  const end = start + seconds * 1000
  await Promise.all(
    connections.map(async (connection, index) => {
      const caller = callerOf(index)
      for (let turn = 0; performance.now() < end || turn % 2 === 1; turn += 1) {
        const from = performance.now()
        caller.check(await connection.ask(caller.request(), caller.keep))
        latencies.push(performance.now() - from)
        operations += caller.operations
      }
    }),
  )
  const elapsedMs = performance.now() - start
  for (const connection of connections) connection.close()
  // A request of a hundred operations is one answer waited for and a hundred operations done.
  return { ...measured(latencies, elapsedMs), opsPerSecond: operations / (elapsedMs / 1000), operations }
}
