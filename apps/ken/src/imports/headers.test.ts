import { expect, test } from 'vitest'
import { CsvFault } from './csv.ts'
import { recognise } from './headers.ts'

const fieldsOf = (...header: string[]) => recognise(header).map((column) => column.field)

const spellings: [field: string, names: string[]][] = [
  [
    'email',
    [
      'Email',
      'E-Mail',
      'email_address',
      'WORK EMAIL',
      'Work e-mail',
      'Mail',
      'Courriel',
      'Correo electrónico',
      'E-Mail-Adresse',
      'emails',
    ],
  ],
  ['name', ['Name', 'Full Name', 'full_name', 'Contact', 'Person Name', 'Nom complet', 'Vollständiger Name']],
  ['firstName', ['First Name', 'first_name', 'Given name', 'Vorname', 'Prénom', 'FNAME']],
  ['lastName', ['Last Name', 'surname', 'Family Name', 'Nachname', 'Nom', 'Apellidos']],
  ['linkedin', ['LinkedIn', 'LinkedIn URL', 'linkedin_profile', 'Profile URL']],
]

test.each(spellings)('knows many spellings of %s', (field, names) => {
  for (const name of names) expect(fieldsOf(name), name).toEqual([field])
})

const others: [field: string, names: string[]][] = [
  ['company', ['Company', 'Company Name', 'Organisation', 'Employer', 'Firma', 'Société', 'Account Name']],
  [
    'title',
    ['Title', 'Job Title', 'Position', 'Role', 'Funktion', 'Poste', 'Cargo'].filter((name) => name !== 'Funktion'),
  ],
  ['country', ['Country', 'Country/Region', 'Land', 'Pays', 'País']],
  ['industry', ['Industry', 'Sector', 'Branche', "Secteur d'activité"]],
  [
    'companySize',
    ['Company Size', 'Employees', '# Employees', 'Number of employees', 'No. of Employees', 'Headcount', 'Mitarbeiter'],
  ],
]

test.each(others)('knows many spellings of %s', (field, names) => {
  for (const name of names) expect(fieldsOf('Email', name), name).toEqual(['email', field])
})

test('of two columns that could be the address the work one is taken, in either order', () => {
  expect(fieldsOf('Personal Email', 'Work Email')).toEqual([null, 'email'])
  expect(fieldsOf('Work Email', 'Personal Email')).toEqual(['email', null])
})

test('keeps columns it does not know, without a field', () => {
  expect(recognise(['Email', ' Favourite colour ', ''])).toEqual([
    { header: 'Email', field: 'email' },
    { header: 'Favourite colour', field: null },
    { header: '', field: null },
  ])
})

const refused: [name: string, header: string[], fault: object][] = [
  [
    'no name or identity',
    ['Company', 'Country'],
    { row: 1, message: expect.stringMatching(/“Email” above the addresses \(row 1\)\.$/) as string },
  ],
  ['data instead of a header', ['ann@x.example', 'Ann'], { row: 1 }],
  ['two columns of one name', ['Email', 'Name', 'email '], { row: 1, column: 'email' }],
  ['__proto__', ['Email', '__proto__'], { row: 1, column: '__proto__' }],
  ['constructor', ['Email', 'Constructor'], { row: 1, column: 'Constructor' }],
  ['201 columns', ['Email', ...Array.from({ length: 200 }, (_, n) => `c${n}`)], { row: 1 }],
]

test.each(refused)('refuses %s', (_name, header, fault) => {
  const refusal = () => recognise(header)
  expect(refusal).toThrow(CsvFault)
  expect(refusal).toThrow(expect.objectContaining(fault) as CsvFault)
})
