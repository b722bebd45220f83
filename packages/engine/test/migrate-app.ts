/** A process to be killed: migrates, and kills itself right after it has sent so many statements. */
import { connectOwner } from '../src/connection.ts'
import { migrate } from '../src/migrate.ts'

const [ownerUrl, role, most] = process.argv.slice(2) as [string, string, string]
const owner = await connectOwner(ownerUrl)
const query = owner.query.bind(owner) as (...asked: unknown[]) => Promise<unknown>
let sent = 0
Object.assign(owner, {
  query(...asked: unknown[]) {
    const answer = query(...asked)
    if (++sent === Number(most)) process.kill(process.pid, 'SIGKILL')
    return answer
  },
})
await migrate(owner, role)
await owner.end()
console.log(sent)
