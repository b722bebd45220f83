/** What a later try at Headroom is likely to cure: nothing is wrong with what was asked, it cannot be asked now. */
import { ConnectionFailed, InProgress, RateLimited, TimedOut, Unavailable } from '@headroom/sdk'

const kinds = [Unavailable, ConnectionFailed, TimedOut, RateLimited, InProgress]

export const isPassing = (error: unknown): boolean => kinds.some((kind) => error instanceof kind)
