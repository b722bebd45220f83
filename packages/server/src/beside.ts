/** The app beside us in the same process: it takes web requests and gives web responses. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'

export type Fetch = (request: Request, env?: object) => Response | Promise<Response>

/** Serves it on our connections; what it throws is answered as `fault` says. */
export function besideUs(
  fetch: Fetch,
  fault: (error: unknown) => Response,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return getRequestListener(fetch, { hostname: 'localhost', errorHandler: fault })
}
