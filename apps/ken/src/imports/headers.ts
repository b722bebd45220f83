/** Which column of a file holds what: many spellings, a few fields. */
import { CsvFault } from './csv.ts'

export type Field =
  | 'email'
  | 'name'
  | 'firstName'
  | 'lastName'
  | 'company'
  | 'title'
  | 'country'
  | 'industry'
  | 'companySize'
  | 'linkedin'

export interface Column {
  header: string
  field: Field | null
}

/** Each spelling as it looks without case, accents, blanks and punctuation; earlier ones win where two columns claim a field. */
const spellings: Record<Field, string> = {
  email:
    'email emailaddress workemail businessemail companyemail corporateemail professionalemail primaryemail contactemail leademail emailid emails email1 mail mailaddress personemail courriel adresseemail adressemail emailadresse correo correoelectronico personalemail',
  name: 'name fullname contactname contact leadname personname displayname nomcomplet nometprenom vollstandigername vollername nombrecompleto prospect',
  firstName: 'firstname first givenname forename fname contactfirstname leadfirstname vorname prenom nombre voornaam',
  lastName:
    'lastname last surname familyname lname secondname contactlastname leadlastname nachname nom nomdefamille apellido apellidos achternaam',
  company:
    'company companyname organization organisation organizationname organisationname employer account accountname business currentcompany companycleaned firma unternehmen societe entreprise empresa',
  title:
    'title jobtitle position jobposition role jobrole currentposition currenttitle jobfunction headline berufsbezeichnung stelle funktion fonction poste intitule cargo puesto',
  country: 'country countryregion countryname personcountry contactcountry companycountry location land pays pais',
  industry:
    'industry companyindustry industryname sector vertical branche industrie secteur secteurdactivite sectoractividad',
  companySize:
    'companysize employees numberofemployees noofemployees employeecount employeecountrange companyemployees headcount companyheadcount teamsize size mitarbeiter mitarbeiterzahl effectif effectifs empleados',
  linkedin: 'linkedin linkedinurl linkedinprofile linkedinprofileurl personlinkedinurl linkedinlink profileurl profile',
}

const fieldOf = new Map<string, { field: Field; rank: number }>()
for (const [field, known] of Object.entries(spellings) as [Field, string][]) {
  for (const [rank, spelling] of known.split(' ').entries()) fieldOf.set(spelling, { field, rank })
}

/** At least one of these must be there, or a row could not be told from another. */
const identities: readonly Field[] = ['email', 'name', 'firstName', 'lastName', 'linkedin']

/** Names that mean something to JavaScript objects; nobody's column is called so, and no code after this one should have to care. */
const reserved = new Set(['__proto__', 'prototype', 'constructor'])

/** Recognises the columns of a header row; refuses a header with no identity, with two columns of one name, or with a reserved name. */
export function recognise(header: string[]): Column[] {
  if (header.length > 200) throw new CsvFault('invalid_file', 'A file may have at most 200 columns', { row: 1 })
  const seen = new Set<string>()
  for (const [index, cell] of header.entries()) {
    const name = cell.trim().toLowerCase()
    const column = name === '' ? String(index + 1) : cell.trim().slice(0, 60)
    if (reserved.has(name)) throw new CsvFault('invalid_file', 'This column name cannot be used', { row: 1, column })
    if (name !== '' && seen.has(name))
      throw new CsvFault('invalid_file', 'Two columns have the same name', { row: 1, column })
    seen.add(name)
  }
  const best = new Map<Field, { index: number; rank: number }>()
  for (const [index, cell] of header.entries()) {
    const found = fieldOf.get(bare(cell))
    if (!found) continue
    const taken = best.get(found.field)
    if (!taken || found.rank < taken.rank) best.set(found.field, { index, rank: found.rank })
  }
  if (!identities.some((field) => best.has(field))) {
    throw new CsvFault(
      'invalid_file',
      'No column is called an email address, a name or a LinkedIn profile: write “Email” above the addresses',
      { row: 1 },
    )
  }
  return header.map((cell, index) => {
    const field = [...best].find(([, taken]) => taken.index === index)?.[0] ?? null
    return { header: cell.trim().slice(0, 200), field }
  })
}

function bare(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9]/g, '')
}
