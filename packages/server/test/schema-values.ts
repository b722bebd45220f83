/** Values that a schema of the document describes, with words a real caller would use where a name is known. */
import type { Chance } from '../../../torture/chance.ts'

export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minItems?: number
  minimum?: number
  maximum?: number
  minLength?: number
  format?: string
  default?: unknown
}

/** Names and the words that go with them, so that most requests get past the door and meet each other behind it. */
const words: Record<string, (chance: Chance) => unknown> = {
  meter: (chance) => chance.oneOf(['leads', 'leads', 'email_sends', 'ai_campaigns']),
  addOn: (chance) => chance.oneOf(['leads', 'email_sends', 'ai_campaigns']),
  workspace: (chance) => `ws_fuzz_${chance.below(8)}`,
  id: (chance) => `r_${chance.below(40)}`,
  quantity: (chance) => 1 + chance.below(5),
  blocks: (chance) => 1 + chance.below(3),
  plan: (chance) => chance.oneOf(['free', 'starter', 'growth']),
  contacts: (chance) => chance.oneOf([1_000, 5_000, null]),
  idempotencyKey: (chance) => `k_${chance.below(500)}`,
  name: (chance) => `Name ${chance.below(99)}`,
  reason: () => 'Because',
  reference: (chance) => `import ${chance.below(50)}`,
  metadata: (chance) => ({ row: chance.below(9) }),
  viewerId: (chance) => `user_${chance.below(9)}`,
  ttlSeconds: (chance) => 60 + chance.below(900),
  anchor: () => '2026-11-01T00:00:00Z',
}

export class SchemaValues {
  readonly #schemas: Record<string, Schema>

  constructor(schemas: Record<string, Schema>) {
    this.#schemas = schemas
  }

  /** One value; of what may be left out, half is. */
  value(schema: Schema, chance: Chance, name = ''): unknown {
    const known = words[name]
    const plain = this.#resolved(schema)
    if (known && plain.const === undefined && !chance.isOneIn(20)) return known(chance)
    if (plain.const !== undefined) return plain.const
    if (plain.enum) return chance.oneOf(plain.enum)
    const choice = plain.anyOf ?? plain.oneOf
    if (choice) return this.value(chance.oneOf(choice), chance, name)
    const type = Array.isArray(plain.type) ? chance.oneOf(plain.type) : plain.type
    if (type === 'array') return this.#list(plain, chance)
    if (type === 'object' || plain.properties) return this.#object(plain, chance)
    if (type === 'integer' || type === 'number')
      return (plain.minimum ?? 0) + chance.below(Math.min(1_000, (plain.maximum ?? 1_000) - (plain.minimum ?? 0) + 1))
    if (type === 'boolean') return chance.isOneIn(2)
    if (type === 'null') return null
    if (plain.format === 'date-time') return '2026-12-01T00:00:00Z'
    return 'text'.padEnd(plain.minLength ?? 0, 'x')
  }

  #list({ items, minItems = 0 }: Schema, chance: Chance): unknown[] {
    const made = Array.from({ length: Math.max(minItems, 1 + chance.below(3)) }, () => this.value(items ?? {}, chance))
    // Each meter once in the lines of an operation, as the interface asks; now and then not.
    const meters = new Set<unknown>()
    return made.filter((one) => {
      const meter = (one as { meter?: unknown } | null)?.meter
      if (meter === undefined || !meters.has(meter) || chance.isOneIn(20)) return (meters.add(meter), true)
      return false
    })
  }

  #object({ properties = {}, required = [] }: Schema, chance: Chance): Record<string, unknown> {
    const made: Record<string, unknown> = {}
    for (const [name, schema] of Object.entries(properties))
      if (required.includes(name) || chance.isOneIn(2)) made[name] = this.value(schema, chance, name)
    return made
  }

  #resolved(schema: Schema): Schema {
    if (schema.$ref) return this.#resolved(this.#schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)] ?? {})
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => this.#resolved(part))) as Schema
    return schema
  }
}
