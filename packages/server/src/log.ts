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

let lastSecond = -1
let upToSecond = ''

/** As pino writes it; all but the milliseconds is made once a second. */
function isoTime(): string {
  const now = Date.now()
  const second = Math.floor(now / 1000)
  if (second !== lastSecond) {
    lastSecond = second
    upToSecond = `,"time":"${new Date(now).toISOString().slice(0, -'000Z'.length)}`
  }
  return `${upToSecond}${String(now % 1000).padStart(3, '0')}Z"`
}

/** For lines whose fields are known and none of them a secret's: looking for secrets by field costs more than the line. Shapes are still taken out. */
export const requestLogOf = (log: Log): Log => log.child({}, { redact: [] })

/** To standard output, in bundles: a line of its own for every request would cost more than the request. */
export function standardOutput(): pino.DestinationStream & { flushSync(): void } {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 8_192 })
  setInterval(() => destination.flush(), 200).unref()
  return destination
}
