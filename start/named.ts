import { ConfigError } from '@headroom/server'

/** What the system or the database refuses, told as a fault of the variable that caused it. Faults of ours stay as they are. */
export async function named<Value>(variable: string, doing: Promise<Value>): Promise<Value> {
  try {
    return await doing
  } catch (error) {
    // Read only now: a start that goes well does not wait for it.
    const { isLostConnection } = await import('@headroom/engine')
    if (!(error instanceof Error) || !('code' in error || isLostConnection('', error.message))) throw error
    // A host with several addresses fails with one error for each, and no message of its own.
    const cause = error instanceof AggregateError ? (error.errors[0] as Error) : error
    throw new ConfigError(`${variable}: ${cause.message.split('\n')[0]}.`)
  }
}
