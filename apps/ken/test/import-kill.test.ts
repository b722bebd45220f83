import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { apiKey, house, people, sum, type House } from './harness.ts'

let here: House
let child: ChildProcess | null = null

afterEach(async () => {
  child?.kill('SIGKILL')
  await here.stop()
})

/** A process that works on this house's jobs. */
function work({ options, url }: House): ChildProcess {
  const { databaseUrl, publicUrl, secret } = options
  const script = fileURLToPath(new URL('worker-process.ts', import.meta.url))
  const settings = JSON.stringify({ databaseUrl, publicUrl, secret, apiKey, baseUrl: url })
  child = spawn(process.execPath, ['--import', 'tsx', script, settings], { stdio: ['ignore', 'ignore', 'inherit'] })
  return child
}

async function killed(worker: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => worker.once('exit', resolve))
  worker.kill('SIGKILL')
  await gone
}

test('A147 A152 workers are killed with -9 again and again in the middle of an import: it ends with the same totals', async () => {
  here = await house({ worker: false })
  const editor = await here.signIn('editor')
  const twice = people(450).split('\n').slice(1, 101).join('\n')
  const upload = await editor.prepared(`${people(900)}${twice}\nNobody,,,\n`)
  expect(upload).toMatchObject({ rows: 1_001, estimate: 900 })
  const { id } = await editor.start(upload.id)
  let kills = 0
  let before = -1
  for (;;) {
    const worker = work(here)
    // Each worker lives until it has made some progress, then a moment longer, whatever it does in that moment.
    for (;;) {
      const { rowsRead, state } = await editor.import(id)
      if (rowsRead > before || state === 'completed') {
        before = rowsRead
        break
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    if (kills === 5 || (await editor.import(id)).state === 'completed') break
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60))
    await killed(worker)
    kills += 1
    // A dead worker's lease would run for half a minute; the test does not wait for that.
    await here.sql.query(`update ken.jobs set locked_until = now() where kind = 'import'`)
  }
  const done = await editor.ended(id)
  expect(kills).toBeGreaterThanOrEqual(3)
  expect(done).toMatchObject({
    state: 'completed',
    reserved: 900,
    counted: 900,
    returned: 0,
    rowsRead: 1_001,
    imported: 901,
  })
  expect(done.notCounted.map(({ reason, count }) => [reason, count])).toEqual([
    ['no_address', 1],
    ['duplicate', 100],
  ])
  expect(done.counted + sum(done.notCounted)).toBe(done.rowsTotal)
  expect(await here.leads()).toMatchObject({ used: 900, reserved: 0, available: 100 })
  const { state, lines } = await here.headroom.reservation('ws_demo', id)
  expect([state, lines[0]]).toEqual(['committed', expect.objectContaining({ reserved: 900, used: 900, returned: 0 })])
  const { rows } = await here.sql.query('select sum(quantity)::int as told from ken.settlements')
  expect(rows[0]).toEqual({ told: 900 })
}, 120_000)
