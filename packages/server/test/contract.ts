/** Holds an answer to /openapi.json: its status is documented for that path, and its body is what the document says, to the field. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { openApiDocument } from '../src/openapi.ts'
import { routes } from '../src/routes/index.ts'
import type { Answered } from './room.ts'

type Json = Record<string, unknown>
interface Documented {
  content?: Record<string, { schema: Json }>
}

const document = strict(openApiDocument(routes({ testClock: true, money: true }), 'test')) as {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, Documented> }>>
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
ajv.addFormat('date', /^\d{4}-\d\d-\d\d$/)
ajv.addFormat('uri-reference', /^\S+$/)
ajv.addSchema(document, 'openapi')
const validators = new Map<string, ValidateFunction>()

/** The document does not describe itself. */
const documentation = new Set(['/docs', '/openapi.json'])

/** What has been seen, as `operationId status`. */
export const seen = new Set<string>()

/** What is looked at of an answer, by whatever client it was fetched. */
export interface Fetched {
  status: number
  ok: boolean
  headers: Headers
  text(): Promise<string>
}

/** Reads and checks it; throws where the document promises something else. */
export async function held(method: string, path: string, response: Fetched): Promise<Answered> {
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  const body: unknown = /json/.test(type) && method !== 'HEAD' ? JSON.parse(text) : undefined
  const where = `${method} ${path}: ${response.status} ${text.slice(0, 600)}`
  const [pathname = ''] = path.split('?')
  const template = Object.keys(document.paths).find((known) => pattern(known).test(pathname))
  const operation =
    template === undefined ? undefined : document.paths[template]![method === 'HEAD' ? 'get' : method.toLowerCase()]
  if (method === 'HEAD') return { status: response.status, headers: response.headers, text, body }
  if (documentation.has(pathname) && response.ok)
    return { status: response.status, headers: response.headers, text, body }
  if (!operation || !template) {
    if (![400, 401, 404, 405, 429].includes(response.status)) throw new Error(`Not documented at all: ${where}`)
    mustFit('openapi#/components/schemas/Problem', body, where)
  } else {
    seen.add(`${operation.operationId} ${response.status}`)
    const documented = operation.responses[String(response.status)]
    if (!documented) throw new Error(`Not a documented status: ${where}`)
    const media = type.split(';')[0]!
    if (documented.content ? !documented.content[media] : text !== '')
      throw new Error(`Not a documented type (${type}): ${where}`)
    if (body !== undefined && documented.content) {
      const pointer = [
        'paths',
        template,
        method.toLowerCase(),
        'responses',
        String(response.status),
        'content',
        media,
        'schema',
      ]
      mustFit(
        `openapi#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`,
        body,
        where,
      )
    }
  }
  if (response.status >= 400) mustBeProblem(response, body as Json, where)
  return { status: response.status, headers: response.headers, text, body }
}

function mustFit(schema: string, body: unknown, where: string): void {
  let validate = validators.get(schema)
  if (!validate) validators.set(schema, (validate = ajv.compile({ $ref: schema })))
  if (!validate(body)) throw new Error(`${ajv.errorsText(validate.errors)}\n${where}`)
}

function mustBeProblem(response: Fetched, body: Json, where: string): void {
  if (response.headers.get('content-type') !== 'application/problem+json')
    throw new Error(`No problem document: ${where}`)
  if (body.status !== response.status) throw new Error(`Its status is another: ${where}`)
  if (response.status >= 500) throw new Error(`A fault of ours: ${where}`)
}

const patterns = new Map<string, RegExp>()

function pattern(template: string): RegExp {
  let made = patterns.get(template)
  if (!made) patterns.set(template, (made = new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`)))
  return made
}

/** A field the document does not name is a fault, although clients are asked to bear with new ones. */
function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict)
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, strict(inner)]))
  return copy.type === 'object' && 'properties' in copy ? { additionalProperties: false, ...copy } : copy
}
