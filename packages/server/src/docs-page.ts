/** /docs: the OpenAPI document as a page to read. No script, no font, nothing from elsewhere. */
import { createHash } from 'node:crypto'
import { codes } from '@headroom/core'
import { docsStyle } from './docs-style.ts'

/** The part of OpenAPI 3.1 our own document uses. */
interface Schema {
  $ref?: string
  type?: string | string[]
  description?: string
  enum?: unknown[]
  const?: unknown
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  default?: unknown
  format?: string
  additionalProperties?: boolean | Schema
}
interface Operation {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>
}
interface Document {
  info: { title: string; description: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}
type Placed = Operation & { method: string; path: string }

export function docsPage(openApi: object): { html: string; styleHash: string } {
  const { info, tags, paths, components } = openApi as Document
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Placed => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  )
  const byTag = tags.map((tag) => ({ ...tag, operations: operations.filter(({ tags }) => tags.includes(tag.name)) }))
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)}: HTTP interface</title>
<link rel="icon" href="data:,">
<style>${docsStyle}</style>
</head>
<body>
<main>
<h1>${escape(info.title)}: HTTP interface</h1>
${prose(info.description)}
<p>The same as data: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
<nav aria-label="Contents"><ul>
${byTag.map(({ name, operations }) => `<li><a href="#${slug(name)}">${escape(name)}</a><ul>${operations.map(entryOf).join('')}</ul></li>`).join('\n')}
<li><a href="#errors">Errors</a></li>
<li><a href="#schemas">Schemas</a></li>
</ul></nav>
${byTag.map((tag) => `<section><h2 id="${slug(tag.name)}">${escape(tag.name)}</h2><p>${inline(tag.description)}</p>${tag.operations.map(operationOf).join('')}</section>`).join('\n')}
<section><h2 id="errors">Errors</h2>
<p>A problem document with one of these codes. <code>detail</code> says what happened and what can be done now.</p>
<dl>${Object.entries(codes)
    .map(
      ([code, { status, title }]) => `<dt id="${code}"><code>${code}</code></dt><dd>${status}. ${escape(title)}.</dd>`,
    )
    .join('')}</dl></section>
<section><h2 id="schemas">Schemas</h2>
${Object.entries(components.schemas)
  .map(
    ([name, schema]) =>
      `<h3 id="schema-${name}">${name}</h3>${schema.description ? prose(schema.description) : ''}${fieldsOf(schema)}`,
  )
  .join('\n')}
</section>
</main>
</body>
</html>
`
  return { html, styleHash: `sha256-${createHash('sha256').update(docsStyle).digest('base64')}` }
}

const entryOf = ({ operationId, method, path }: Placed): string =>
  `<li><span class="method">${method}</span><a href="#${operationId}"><code>${escape(path)}</code></a></li>`

function operationOf({
  operationId,
  method,
  path,
  summary,
  description,
  parameters,
  requestBody,
  responses,
}: Placed): string {
  const body = requestBody && Object.values(requestBody.content)[0]
  return [
    `<h3 id="${operationId}"><span class="method">${method}</span><code>${escape(path)}</code></h3>`,
    `<p><strong>${escape(summary)}.</strong></p>`,
    description ? prose(description) : '',
    parameters?.length ? `<h4>Parameters</h4><dl>${parameters.map(parameterOf).join('')}</dl>` : '',
    body ? `<h4>Body</h4>${body.schema.$ref ? `<p>${typeOf(body.schema)}</p>` : fieldsOf(body.schema)}` : '',
    `<h4>Answers</h4><dl>${Object.entries(responses).map(answerOf).join('')}</dl>`,
  ].join('\n')
}

const parameterOf = ({
  name,
  in: place,
  required,
  description,
  schema,
}: NonNullable<Operation['parameters']>[number]): string => {
  const text = description ?? schema.description
  return `<dt><code>${escape(name)}</code></dt><dd>${place}${required ? '' : ', optional'}: ${typeOf(schema)}${text ? `. ${inline(text)}` : ''}</dd>`
}

function answerOf([status, { description, content }]: [string, Operation['responses'][string]]): string {
  const schema = content && Object.values(content)[0]?.schema
  return `<dt><code>${status}</code></dt><dd>${inline(description)}${schema?.$ref ? ` ${typeOf(schema)}` : ''}</dd>`
}

function fieldsOf(schema: Schema): string {
  const one = schema.properties ?? schema.items?.properties
  if (!one) return `<p>${typeOf(schema)}</p>`
  const required = new Set(schema.required)
  const rows = Object.entries(one).map(([name, field]) => {
    const text = field.description ? `. ${inline(field.description)}` : ''
    const fallback =
      field.default === undefined ? '' : `, default <code>${escape(JSON.stringify(field.default))}</code>`
    const optional = required.has(name) || field.default !== undefined ? '' : ', optional'
    return `<dt><code>${escape(name)}</code></dt><dd>${typeOf(field)}${optional}${fallback}${text}</dd>`
  })
  return `<dl>${rows.join('')}</dl>`
}

function typeOf(schema: Schema): string {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1)!
    return `<a href="#schema-${name}">${name}</a>`
  }
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (choices) return choices.map(typeOf).join(' or ')
  if (schema.enum) return schema.enum.map((value) => `<code>${escape(JSON.stringify(value))}</code>`).join(' or ')
  if (schema.items) return `list of ${typeOf(schema.items)}${range(schema.minItems, schema.maxItems, ' items')}`
  if (schema.properties)
    return `{ ${Object.entries(schema.properties)
      .map(([name, field]) => `${escape(name)}: ${typeOf(field)}`)
      .join(', ')} }`
  const type = [schema.type ?? 'anything'].flat().join(' or ')
  const limits = range(schema.minimum, schema.maximum, '') + range(schema.minLength, schema.maxLength, ' characters')
  return escape(type) + (schema.format ? ` (${escape(schema.format)})` : '') + limits
}

const range = (least: number | undefined, most: number | undefined, unit: string): string => {
  if (least === undefined && most === undefined) return ''
  if (most === undefined || most === Number.MAX_SAFE_INTEGER) return `, at least ${least ?? 0}${unit}`
  return `, ${least ?? 0}-${most}${unit}`
}

const slug = (name: string): string => `tag-${name.toLowerCase().replace(/\W+/g, '-')}`

const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

/** The little Markdown our own descriptions use: code, bold, lists. */
const inline = (text: string): string =>
  escape(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')

const prose = (text: string): string =>
  text
    .split('\n\n')
    .map((part) =>
      part.startsWith('- ')
        ? `<ul>${part
            .split('\n')
            .map((item) => `<li>${inline(item.slice(2))}</li>`)
            .join('')}</ul>`
        : `<p>${inline(part)}</p>`,
    )
    .join('\n')
