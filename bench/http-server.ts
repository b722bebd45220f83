/** A server under load in a process of its own. The bench starts it, asks it for its totals, and ends it. */
import { createLog, createServer, standardOutput } from '@headroom/server'
import { bareApp, listen, typicalApp } from './http-apps.ts'
import { headroom } from './headroom.ts'
import type { ServerOrder } from './http-process.ts'
import { typical } from './typical.ts'
import type { Contender } from './contender.ts'

const { kind, urls, workspaces, limit, key } = JSON.parse(process.argv[2]!) as ServerOrder

const started = await {
  bare: async () => ({ port: await listen(bareApp()), books: null }),
  typical: async () => {
    const books = await typical(urls.ownerUrl, workspaces, limit)
    return { port: await listen(typicalApp(books)), books }
  },
  // Logging as in production; the bench throws the lines away.
  headroom: async () => {
    const books = await headroom(urls, workspaces, limit)
    await books.engine.ensureKey(key, 'bench')
    const server = createServer({ engine: books.engine, log: createLog('info', standardOutput()) })
    return { port: (await server.listen(0, '127.0.0.1')).port, books }
  },
}[kind]()

const books: Contender | null = started.books
process.on('message', (asked) => {
  if (asked === 'totals') void books!.totals().then((totals) => process.send!({ totals }))
  // Gone without ceremony: profiles are written at exit.
  // Gone without ceremony: profiles are written at exit.
  else void (books?.stop() ?? Promise.resolve()).finally(() => process.exit(0))
})
process.on('disconnect', () => process.exit(0))
process.send!({ port: started.port })
process.on('message', (asked) => {
  if (asked === 'totals') void books!.totals().then((totals) => process.send!({ totals }))
  else void (books?.stop() ?? Promise.resolve()).finally(() => process.exit(0))
})
process.on('disconnect', () => process.exit(0))
process.send!({ port: started.port })
process.on('message', (asked) => {
  if (asked === 'totals') void books!.totals().then((totals) => process.send!({ totals }))
  else void (books?.stop() ?? Promise.resolve()).finally(() => process.exit(0))
})
process.on('disconnect', () => process.exit(0))
process.send!({ port: started.port })
process.on('message', (asked) => {
  if (asked === 'totals') void books!.totals().then((totals) => process.send!({ totals }))
  else void (books?.stop() ?? Promise.resolve()).finally(() => process.exit(0))
})
process.on('disconnect', () => process.exit(0))
process.send!({ port: started.port })
