import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { contactOf } from './contact.ts'
import { csvLimits, readCsv } from './csv.ts'
import { recognise, type Column } from './headers.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** As large as a file may be: 50,000 rows in nearly 10 MB, arriving in pieces that end anywhere. */
async function* largestFile(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('Email,First name,Last name,Company,Notes\n')
  for (let from = 0; from < csvLimits.rows; from += 370) {
    const rows = Array.from({ length: Math.min(370, csvLimits.rows - from) }, (_, index) => {
      const n = from + index
      return `person.${n}@example.com,First ${n},Last ${n},Company ${n},"${String(n).padEnd(120, ' met at the fair,')}"\n`
    })
    yield Buffer.from(rows.join(''))
    await Promise.resolve()
  }
}

test('what a file of 50,000 rows keeps in memory does not grow with the rows that were read', async () => {
  let columns: Column[] = []
  let rows = 0
  const kept: number[] = []
  await readCsv(largestFile(), {
    header: (cells) => void (columns = recognise(cells)),
    rows: (batch) => {
      for (const row of batch) expect(contactOf(row, columns).fault).toBeNull()
      rows += batch.length
      if (rows % 5_000 === 0) {
        collect()
        kept.push(process.memoryUsage().heapUsed)
      }
      return Promise.resolve()
    },
  })
  expect(rows).toBe(csvLimits.rows)
  expect(kept).toHaveLength(10)
  // The whole file as rows and cells would be 60 MB and more; what is left over are a batch and what has been parsed ahead.
  expect(Math.max(...kept) - kept[0]!).toBeLessThan(6_000_000)
})
