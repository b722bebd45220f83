/** A process to be killed: many callers on an engine; every answer is told on standard output before the next call. */
import { writeSync } from 'node:fs'
import catalog from '../../../catalogs/ken.ts'
import { startEngine } from '../src/index.ts'
import { asked, commit, reserve } from './engines.ts'

const [url, ownerUrl, run] = process.argv.slice(2) as [string, string, string]
const engine = await startEngine({ databaseUrl: url, ownerUrl, catalog, sweeper: false })
const say = (line: string) => writeSync(1, `${line}\n`)
say('ready')
await Promise.all(
  Array.from({ length: 48 }, async (_, caller) => {
    const workspace = `ws_crash_${caller % 3}`
    for (let turn = 0; ; turn++) {
      const id = `r_${run}_${caller}_${turn}`
      const held = await reserve(engine, workspace, 3, { id })
      if (held.status !== 201) throw new Error(`reserve: ${held.status}`)
      say(`reserved ${workspace} ${id}`)
      const lines = [{ meter: 'leads', quantity: 1 }]
      const part = await commit(engine, workspace, id, 1, false, `part_${id}`)
      if (part.status === 200) say(`part ${workspace} ${id}`)
      if (turn % 3 === 0) await engine.submit(asked({ op: 'release', workspace, id }))
      else if ((await commit(engine, workspace, id, 2)).status === 200) say(`committed ${workspace} ${id}`)
      await engine.submit(
        asked({ op: 'use', workspace, id: `u_${id}`, lines, mode: 'record', reference: `u_${id}`, key: `u_${id}` }),
      )
      say(`used ${workspace} u_${id}`)
    }
  }),
)
