/** A server under load in a process of its own. The bench starts it, asks it for its totals, and ends it. */
import { createLog, createServer, standardOutput } from '@headroom/server'
import type { Contender } from './contender.ts'
import { answerOf, bareApp, listen, plainAnswer, typicalApp } from './http-apps.ts'
import { headroom } from './headroom.ts'
import type { ServerOrder } from './http-process.ts'
import { typical } from './typical.ts'

interface Started {
  port: number
  books: Contender | null
}

async function start({ kind, urls, workspaces, limit, key }: ServerOrder): Promise<Started> {
  if (kind === 'bare') return { port: await listen(answerOf(bareApp())), books: null }
  if (kind === 'plain') return { port: await listen(plainAnswer), books: null }
  if (kind === 'typical') {
    const books = await typical(urls.ownerUrl, workspaces, limit)
    return { port: await listen(answerOf(typicalApp(books))), books }
  }
  const books = await headroom(urls, workspaces, limit)
  await books.engine.ensureKey(key, 'bench')
  // Logging as in production; the bench throws the lines away.
  const server = createServer({ engine: books.engine, log: createLog('info', standardOutput()) })
  return { port: (await server.listen(0, '127.0.0.1')).port, books }
}

const { port, books } = await start(JSON.parse(process.argv[3]!) as ServerOrder)
process.on('message', (asked) => {
  if (asked === 'totals') void books!.totals().then((totals) => process.send!({ totals }))
  // Gone without ceremony: profiles are written at exit.
  else void (books?.stop() ?? Promise.resolve()).finally(() => process.exit(0))
})
process.on('disconnect', () => process.exit(0))
process.send!({ port })
