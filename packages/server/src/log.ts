/** Structured logs, one JSON line each. Secrets are taken out twice: by field name, and by their shape wherever they stand. */
import pino from 'pino'

export type Log = pino.Logger

const secretFields = ['authorization', 'cookie', 'key', 'token', 'secret', 'password', 'apiKey', 'clientSecret']
const secretShapes =
  /\bhr_(?:sk|bt)_[A-Za-z0-9_.-]+|\b(?:sk|rk)_(?:test|live)_[A-Za-z0-9]+|\bwhsec_[A-Za-z0-9+/=_-]+|\b(?:pi|seti|cs)_[A-Za-z0-9_]+_secret_[A-Za-z0-9_]+|\b(?:postgres(?:ql)?|smtps?):\/\/[^\s"@]*@/g

export function createLog(level: string, destination: pino.DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: [
          ...secretFields.flatMap((field) => [field, `*.${field}`, `*.headers.${field}`]),
          '*["stripe-signature"]',
          '*.headers["stripe-signature"]',
        ],
        censor: '[redacted]',
      },
      hooks: { streamWrite: (line) => line.replace(secretShapes, '[redacted]') },
    },
    destination,
  )
}

let lastMs = 0
let lastTime = ''

/** As pino writes it, made once a millisecond: in one there may be ten answers. */
function isoTime(): string {
  const now = Date.now()
  if (now !== lastMs) {
    lastMs = now
    lastTime = `,"time":"${new Date(now).toISOString()}"`
  }
  return lastTime
}

/** For lines whose fields are known and none of them a secret's: looking for secrets by field costs more than the line. Shapes are still taken out. */
export const requestLogOf = (log: Log): Log => log.child({}, { redact: [] })

/** To standard output, in bundles: a line of its own for every request would cost more than the request. */
export function standardOutput(): pino.DestinationStream & { flushSync(): void } {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 8_192 })
  setInterval(() => destination.flush(), 200).unref()
  return destination
}
