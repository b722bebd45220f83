import { expect, test } from 'vitest'
import { contactOf, normaliseEmail } from './contact.ts'
import { recognise } from './headers.ts'

const addresses: [text: string, address: string | null][] = [
  ['ann@company.example', 'ann@company.example'],
  ['  Ann.Bell@Company.EXAMPLE ', 'ann.bell@company.example'],
  ['Ann Bell <ann@company.example>', 'ann@company.example'],
  ['mailto:ann@company.example', 'ann@company.example'],
  ["o'neill+list@company.example", "o'neill+list@company.example"],
  ['jörg@müller.example', 'jörg@xn--mller-kva.example'],
  ['ann@company', null],
  ['ann@', null],
  ['@company.example', null],
  ['ann.company.example', null],
  ['ann bell@company.example', null],
  ['ann@com pany.example', null],
  ['ann@@company.example', null],
  ['.ann@company.example', null],
  ['ann..bell@company.example', null],
  ['ann@-company.example', null],
  ['ann@127.0.0.1', null],
  ['ann@company.example, ben@company.example', null],
  [`${'a'.repeat(65)}@company.example`, null],
  [`ann@${'a'.repeat(64)}.example`, null],
  ['a'.repeat(50_000) + '!', null],
  ['"ann"@company.example', null],
  ['', null],
]

test.each(addresses)('takes %j as %j', (text, address) => {
  expect(normaliseEmail(text)).toBe(address)
})

const columns = recognise(['First name', 'Last name', 'Email', 'Title'])
const read = (...cells: string[]) => contactOf({ row: 7, cells }, columns)

test('puts a name together and cleans what it keeps', () => {
  const { contact, fault } = read(' Zoë ', 'Lefèvre\n', 'Zoe@X.example', 'CEO\u202e &\t founder')
  expect(contact).toEqual({
    firstName: 'Zoë',
    lastName: 'Lefèvre',
    name: 'Zoë Lefèvre',
    email: 'zoe@x.example',
    title: 'CEO & founder',
  })
  expect(fault).toBeNull()
})

test('one spelling of an address has one hash', () => {
  expect(read('', '', 'ANN@x.example', '').emailHash).toBe(read('', '', '<ann@X.example>', '').emailHash)
})

test('a row that cannot count says why and where', () => {
  expect(read('Ann', 'Bell', '', 'CEO')).toMatchObject({ fault: 'no_address', column: 'Email', emailHash: null })
  expect(read('Ann')).toMatchObject({ fault: 'no_address', column: 'Email' })
  expect(read('Ann', 'Bell', 'ann@', 'CEO')).toMatchObject({ fault: 'invalid_address', column: 'Email' })
  expect(read('Ann', 'Bell', 'ann@x.example', 'CEO', 'Inc.')).toMatchObject({ fault: 'row_malformed', column: '5' })
})

test('empty cells beyond the header are nobody’s fault', () => {
  expect(read('Ann', 'Bell', 'ann@x.example', 'CEO', '', ' ').fault).toBeNull()
})

test('a cell never reaches an object’s prototype', () => {
  read('__proto__', 'constructor', 'a@x.example', 'x')
  expect(Object.keys(Object.prototype)).toEqual([])
})
