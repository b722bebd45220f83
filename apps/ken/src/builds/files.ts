/** What a person attaches to a build for Ken to read: a few small text files. */
import type { Context } from '../context.ts'
import { newId, type Queryable } from '../database.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { Member } from '../people/session.ts'
import { visibleText } from '../visible-text.ts'
import type { BuildKey } from './build-rows.ts'
import type { BuildView } from './build-view.ts'
import { change } from './editing.ts'
import { mustRest } from './steps.ts'
import { plainText } from './words.ts'

const mostFiles = 5
const mostBytes = 1024 * 1024
const idleMs = 30_000

/** Adds the body as a file. The same file sent twice stands there twice. */
export async function addFile(context: Context, member: Member, id: string, request: Request): Promise<BuildView> {
  const name = fileNameOf(request)
  // Asked before the body is read: a file for a build that cannot take it need not arrive.
  await change(context, member, id, roomFor)
  const { bytes, content } = await textOf(request)
  return change(context, member, id, async (build, connection) => {
    roomFor(build)
    const file = { id: newId('fil'), name, bytes }
    await connection.query(
      `insert into ken.build_files (workspace_id, build_id, id, name, bytes, content) values ($1, $2, $3, $4, $5, $6)`,
      [build.workspaceId, build.id, file.id, name, bytes, content],
    )
    return { ...build, files: [...build.files, file] }
  })
}

function roomFor<B extends Parameters<typeof mustRest>[0]>(build: B): B {
  mustRest(build)
  if (build.files.length >= mostFiles)
    throw new Problem('conflict', `A build takes up to ${mostFiles} files. Remove one to add another.`)
  return build
}

export async function removeFile(context: Context, member: Member, id: string, item: string): Promise<void> {
  await change(context, member, id, async (build, connection) => {
    if (!build.files.some((file) => file.id === item)) throw notFound()
    mustRest(build)
    await connection.query('delete from ken.build_files where workspace_id = $1 and build_id = $2 and id = $3', [
      build.workspaceId,
      build.id,
      item,
    ])
    return { ...build, files: build.files.filter((file) => file.id !== item) }
  })
}

/** The files with their text, in the order they came. */
export async function filesOf(
  database: Queryable,
  { workspaceId, id }: BuildKey,
): Promise<{ name: string; text: string }[]> {
  const { rows } = await database.query<{ name: string; text: string }>(
    `select name, content as text from ken.build_files where workspace_id = $1 and build_id = $2 order by id`,
    [workspaceId, id],
  )
  return rows
}

function fileNameOf(request: Request): string {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  if (type !== 'text/plain') throw new Problem('unsupported_media_type', 'Send the file as text/plain.')
  if (request.headers.has('content-encoding'))
    throw new Problem('unsupported_media_type', 'Send the file uncompressed.')
  let name: string
  try {
    name = decodeURIComponent(request.headers.get('x-file-name') ?? '')
  } catch {
    throw new Problem('invalid_request', 'X-File-Name must be URI-encoded.')
  }
  const base = visibleText(name.replace(/^.*[/\\]/, ''))
  if (base === '' || Array.from(base).length > 200)
    throw new Problem('invalid_request', 'X-File-Name must be a file name of at most 200 characters.')
  if (!/\.(?:txt|md|csv)$/i.test(base))
    throw new Problem('invalid_file', 'Only .txt, .md and .csv files can be attached.')
  return base
}

/** The body as text; everything that is not plain UTF-8 text of up to 1 MB is refused. */
async function textOf(request: Request): Promise<{ bytes: number; content: string }> {
  const tooLarge = () => new Problem('too_large', 'A file may be at most 1 MB.')
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunksOf(request)) {
    bytes += chunk.byteLength
    if (bytes > mostBytes) throw tooLarge()
    chunks.push(chunk)
  }
  let content: string
  try {
    content = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new Problem('invalid_file', 'The file is not UTF-8 text.')
  }
  if (content.includes('\0')) throw new Problem('invalid_file', 'The file is not plain text.')
  if (plainText(content) === '') throw new Problem('invalid_file', 'The file is empty.')
  return { bytes, content: plainText(content) }
}

async function* chunksOf(request: Request): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = request.body?.getReader()
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined
      const idle = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Problem('timed_out', 'The file stopped arriving.')), idleMs)
      })
      const next = await Promise.race([reader?.read(), idle]).finally(() => clearTimeout(timer))
      if (!next || next.done) return
      yield next.value
    }
  } finally {
    // What is left of a refused file is read and dropped by whoever sends the refusal.
    reader?.releaseLock()
  }
}
