/** HTTP: who asks, is it well-formed, which verb, which status. */
export { createServer, type Server, type ServerOptions } from './server.ts'
export type { Urgency } from './urgency.ts'
export { ConfigError, readConfig, type Config } from './config.ts'
export { createLog, standardOutput, type Log } from './log.ts'
