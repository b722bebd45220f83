/** A mail server on loopback that keeps what it is sent: real SMTP. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface Received {
  messageId: string
  to: string
  subject: string
  raw: string
}

export interface MailServer {
  url: string
  mails: Received[]
  /** How often each of these messages came; where a beginning is given, of those whose id begins so. */
  byId(beginning?: string): Record<string, number>
  /** Breaks off all connections, without a word. */
  hangUp(): void
  stop(): Promise<void>
}

interface Ways {
  /** A port of its own unless it is given. */
  port?: number
  /** An address it refuses for good. */
  refuse?: string | null
  /** Awaited for each recipient: a code to refuse it with, or null. */
  onRecipient?: (address: string) => Promise<number | null>
  /** Awaited when a mail is there whole, before it is acknowledged. */
  onMail?: (mail: Received) => Promise<void>
}

export async function startMailServer({
  port = 0,
  refuse = null,
  onRecipient = (address) => Promise.resolve(address === refuse ? 550 : null),
  onMail = () => Promise.resolve(),
}: Ways = {}): Promise<MailServer> {
  const mails: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    // Offers STARTTLS with a certificate nobody vouches for, as mail catchers do, and does not say so on every start.
    logger: false,
    onRcptTo({ address }, _session, done) {
      void onRecipient(address).then((code) => {
        if (code === null) return done()
        const says = code === 550 ? 'No such mailbox here' : 'Not now'
        done(Object.assign(new Error(says), { responseCode: code }))
      })
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString()
        const to = envelope.rcptTo.map(({ address }) => address).join()
        const mail = { messageId: header(raw, 'Message-ID'), subject: header(raw, 'Subject'), to, raw }
        mails.push(mail)
        onMail(mail).then(() => done(), done)
      })
    },
  })
  server.on('error', () => {})
  const sockets = new Set<Socket>()
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: own } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${own}`,
    mails,
    byId(beginning = '') {
      const counts: Record<string, number> = {}
      for (const { messageId } of mails)
        if (messageId.startsWith(`<${beginning}`)) counts[messageId] = (counts[messageId] ?? 0) + 1
      return counts
    },
    hangUp() {
      for (const socket of sockets) socket.destroy()
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function header(raw: string, name: string): string {
  const [head = ''] = raw.split('\r\n\r\n')
  return new RegExp(`^${name}: (.*)$`, 'mi').exec(head.replaceAll(/\r\n[ \t]+/g, ' '))?.[1] ?? ''
}

/** A mail server that takes connections and then says nothing, for ever. */
export async function startSilentServer(): Promise<{ url: string; connections: () => number; stop(): Promise<void> }> {
  const sockets = new Set<{ destroy(): void }>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => sockets.size,
    stop: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
