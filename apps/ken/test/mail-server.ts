/** A mail server on loopback that keeps what it is sent: real SMTP. */
import { createServer, type AddressInfo, type Server } from 'node:net'
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
  /** How often each of these messages came. */
  byId(): Record<string, number>
  stop(): Promise<void>
}

/** Starts one, on a port of its own unless it is given. `onMail` is awaited when a mail is there whole, before it is acknowledged. */
export async function startMailServer({
  port = 0,
  refuse = null,
  onMail = () => Promise.resolve(),
}: { port?: number; refuse?: string | null; onMail?: (mail: Received) => Promise<void> } = {}): Promise<MailServer> {
  const mails: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    // Offers STARTTLS with a certificate nobody vouches for, as mail catchers do, and does not say so on every start.
    logger: false,
    onRcptTo({ address }, _session, done) {
      if (address !== refuse) return done()
      done(Object.assign(new Error('No such mailbox here'), { responseCode: 550 }))
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
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: own } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${own}`,
    mails,
    byId() {
      const counts: Record<string, number> = {}
      for (const { messageId } of mails) counts[messageId] = (counts[messageId] ?? 0) + 1
      return counts
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
