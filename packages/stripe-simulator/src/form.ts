import { badParameter } from './fault.ts'

type Form = Map<string, string | Form>

/** Reads what the SDK sends: `a[b][0]=c`, all of it text. Indices and `[]` make lists, other names make records. */
export function decodeForm(encoded: string): Params {
  const form: Form = new Map()
  for (const [name, value] of new URLSearchParams(encoded)) insert(form, segments(name), value)
  return new Params(form, '')
}

/** One level of the form. Every reader names the parameter as Stripe does in its errors: `items[0][price]`. */
export class Params {
  readonly #form: Form
  readonly #path: string

  constructor(form: Form, path: string) {
    this.#form = form
    this.#path = path
  }

  /** As the caller would write it: `items[0][price]`. */
  nameOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}[${name}]`
  }

  names(): string[] {
    return [...this.#form.keys()]
  }

  /** Was it sent, be it empty? Empty is how a field is cleared: `has(name)` and no `optionalText(name)`. */
  has(name: string): boolean {
    return this.#form.has(name)
  }

  text(name: string): string {
    const value = this.optionalText(name)
    if (value === undefined) {
      const full = this.nameOf(name)
      throw badParameter(full, `Missing required param: ${full}.`, 'parameter_missing')
    }
    return value
  }

  /** Undefined when it was not sent or is empty. */
  optionalText(name: string): string | undefined {
    const value = this.#form.get(name)
    if (value === undefined || value === '') return undefined
    if (typeof value !== 'string') throw badParameter(this.nameOf(name), `Invalid string: ${this.nameOf(name)}`)
    return value
  }

  /** One of these words, or a 400 that lists them. */
  choice<const Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.optionalText(name)
    const found = words.find((word) => word === value)
    if (value !== undefined && found === undefined) {
      const full = this.nameOf(name)
      throw badParameter(full, `Invalid ${full}: must be one of ${words.join(', ')}`)
    }
    return found
  }

  whole(name: string): number | undefined {
    const value = this.optionalText(name)
    if (value === undefined) return undefined
    if (!/^-?\d{1,15}$/.test(value)) {
      throw badParameter(this.nameOf(name), `Invalid integer: ${value}`, 'parameter_invalid_integer')
    }
    return Number(value)
  }

  flag(name: string): boolean | undefined {
    const value = this.optionalText(name)
    if (value === undefined) return undefined
    if (value !== 'true' && value !== 'false') throw badParameter(this.nameOf(name), `Invalid boolean: ${value}`)
    return value === 'true'
  }

  /** Metadata: names to text. An empty text is kept, for it takes the name away from what is stored. */
  record(name: string): Record<string, string> | undefined {
    const sub = this.sub(name)
    if (sub === undefined) return this.#form.get(name) === '' ? {} : undefined
    return Object.fromEntries(sub.names().map((key) => [key, sub.optionalText(key) ?? '']))
  }

  /** A list of records; empty when it was not sent. */
  list(name: string): Params[] {
    const list = this.sub(name)
    if (list === undefined) return []
    return list.names().map((index) => {
      const item = list.sub(index)
      if (item === undefined) throw badParameter(list.nameOf(index), `Invalid object: ${list.nameOf(index)}`)
      return item
    })
  }

  /** A list of plain texts; empty when it was not sent. */
  texts(name: string): string[] {
    const list = this.sub(name)
    return list === undefined ? [] : list.names().map((index) => list.text(index))
  }

  sub(name: string): Params | undefined {
    const value = this.#form.get(name)
    if (value === undefined || value === '') return undefined
    if (typeof value === 'string') throw badParameter(this.nameOf(name), `Invalid object: ${this.nameOf(name)}`)
    return new Params(value, this.nameOf(name))
  }
}

/** `a[b][]` → a, b, '' */
function segments(name: string): string[] {
  const open = name.indexOf('[')
  if (open <= 0) return [name]
  return [name.slice(0, open), ...name.slice(open + 1, -1).split('][')]
}

function insert(form: Form, path: string[], value: string): void {
  const [first = '', ...rest] = path
  const name = first === '' ? String(form.size) : first
  if (rest.length === 0) {
    form.set(name, value)
    return
  }
  const inner = form.get(name)
  const next: Form = inner instanceof Map ? inner : new Map()
  form.set(name, next)
  insert(next, rest, value)
}
