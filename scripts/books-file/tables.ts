/** Which tables a database of ours has, in an order in which they can be filled, and what is in one. */
import { createHash } from 'node:crypto'
import pg from 'pg'

/** In the order they are made. */
const schemas = ['headroom', 'stripe_simulator', 'auth', 'ken']

/** What a program writes about itself when it makes its tables. */
const ofThePrograms = new Set(['headroom.migrations', 'ken.migrations'])

const rowsAtOnce = 1_000

export interface Table {
  /** With its schema, as it stands in a statement. */
  name: string
  columns: string[]
}

/** A connection that waits for nothing and nobody: dates, times and figures as they are. */
export async function connect(url: string): Promise<pg.Client> {
  const options = '-c timezone=UTC -c datestyle=ISO -c statement_timeout=0 -c idle_in_transaction_session_timeout=0'
  const client = new pg.Client({ connectionString: url, options, application_name: 'headroom copy' })
  await client.connect()
  return client
}

/** Every table after those it refers to. */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { refers: string[] }>(
    `select format('%I.%I', n.nspname, c.relname) as name,
            (select array_agg(quote_ident(a.attname) order by a.attnum) from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
            array(select distinct format('%I.%I', fn.nspname, f.relname)
                    from pg_constraint k join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
                   where k.conrelid = c.oid and k.contype = 'f' and f.oid <> c.oid) as refers
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname = any($1::text[])
      order by array_position($1::text[], n.nspname::text), c.relname`,
    [schemas],
  )
  const waiting = new Map(rows.map((table) => [table.name, table]))
  const ordered: Table[] = []
  const put = (name: string): void => {
    const table = waiting.get(name)
    if (!table) return
    waiting.delete(name)
    for (const other of table.refers) put(other)
    if (!ofThePrograms.has(name)) ordered.push({ name, columns: table.columns })
  }
  for (const { name } of rows) put(name)
  return ordered
}

/** Each row as one line of JSON, as PostgreSQL writes it; inside a transaction. */
export async function* rowsOf(client: pg.Client, { name, columns }: Table): AsyncGenerator<string[]> {
  await client.query(
    `declare copied no scroll cursor for select to_json(r)::text as line from (select ${columns.join(', ')} from ${name}) r`,
  )
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`fetch ${rowsAtOnce} from copied`)
    // A line break outside of a string of JSON is as good as a space; inside of one there is none.
    if (rows.length > 0) yield rows.map(({ line }) => line.replaceAll('\n', ' '))
    if (rows.length < rowsAtOnce) break
  }
  await client.query('close copied')
}

/** How many rows, and a sum of them that goes by their content and not by their order. */
export class Sum {
  rows = 0
  #sum = 0n

  add(line: string): void {
    this.rows += 1
    this.#sum += createHash('sha256').update(line).digest().readBigUInt64LE()
    this.#sum %= 2n ** 64n
  }

  get text(): string {
    return `${this.rows} ${this.#sum.toString(16).padStart(16, '0')}`
  }
}
