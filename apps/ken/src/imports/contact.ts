/** One row of a file as a contact, and its address in the one spelling it is counted by. */
import { createHash } from 'node:crypto'
import { domainToASCII } from 'node:url'
import type { CsvRow } from './csv.ts'
import type { Column, Field } from './headers.ts'
import { visibleText } from '../visible-text.ts'

export type Contact = Partial<Record<Field, string>>

/** Why a row can never count, whatever the campaign asks for. */
export type Fault = 'no_address' | 'invalid_address' | 'row_malformed'

export interface ReadRow {
  row: number
  contact: Contact
  emailHash: string | null
  fault: Fault | null
  /** Where the fault is, for the list shown after an upload. */
  column: string | null
}

const longestField = 500

/** Turns cells into a contact. Never throws: a row that cannot be used says why and stays in the list. */
export function contactOf({ row, cells }: CsvRow, columns: Column[]): ReadRow {
  const contact: Contact = {}
  for (const [index, { field }] of columns.entries()) {
    const value = field && tidy(cells[index] ?? '')
    if (field && value) contact[field] = value
  }
  contact.name ??= [contact.firstName, contact.lastName].filter(Boolean).join(' ')
  if (contact.name === '') delete contact.name
  const column = columns.find((candidate) => candidate.field === 'email')?.header ?? null
  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    // A comma that should have been quoted moves every later cell one column on: better not to guess which one is the address.
    return { row, contact, emailHash: null, fault: 'row_malformed', column: String(columns.length + 1) }
  }
  if (contact.email === undefined) return { row, contact, emailHash: null, fault: 'no_address', column }
  const email = normaliseEmail(contact.email)
  if (email === null) return { row, contact, emailHash: null, fault: 'invalid_address', column }
  return { row, contact: { ...contact, email }, emailHash: hashOf(email), fault: null, column }
}

/** Lower case, without display name and `mailto:`, the domain in ASCII; null when it is not an address. */
export function normaliseEmail(text: string): string | null {
  if (text.length > 400) return null
  const bracketed = /<([^<>]+)>$/.exec(text)
  const address = (bracketed?.[1] ?? text)
    .trim()
    .normalize('NFC')
    .replace(/^mailto:/i, '')
    .toLowerCase()
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const domain = domainToASCII(address.slice(at + 1))
  if (at < 1 || local.length > 64 || local.length + 1 + domain.length > 254) return null
  if (!/^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.-]+$/u.test(local) || /^\.|\.$|\.\./.test(local)) return null
  const labels = domain.split('.')
  if (labels.length < 2 || !labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) return null
  // The last label of an IP address or of a cut-off name is a number: nothing there takes mail.
  return /^\d+$/.test(labels.at(-1)!) ? null : `${local}@${domain}`
}

function hashOf(email: string): string {
  return createHash('sha256').update(email).digest('base64url')
}

/** What can be seen of a cell, no longer than a page can show. */
const tidy = (cell: string): string => Array.from(visibleText(cell)).slice(0, longestField).join('')
