/** What can be said of a brief and its files by reading them: sentences, and those among them that tell something. */
import type { SoFar } from './builder.ts'

/** Text up to so many characters, cut between words. Curly brackets go: in a mail they stand for a contact's own words. */
export function clip(text: string, most: number): string {
  const line = text.replace(/[{}]/g, '').replace(/\s+/g, ' ').trim()
  const characters = Array.from(line)
  if (characters.length <= most) return line
  const cut = characters.slice(0, most - 1).join('')
  return `${cut.replace(/\s+\S*$/, '').replace(/[,;:–-]+$/, '')}…`
}

/** A line that ends like a sentence. */
export const asSentence = (text: string, most = 280): string => clip(text, most).replace(/(?<![.!?…:])$/, '.')

/** The sentences of a text, without list marks and headings' signs. */
export function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((one) => one.replace(/^[\s#>*•-]+/, '').trim())
    .filter((one) => one.length > 2)
}

/** The offer in one sentence. */
export const offerOf = ({ brief }: SoFar): string => asSentence(sentences(brief.offer)[0] ?? brief.offer, 240)

const tells = /\d|%|\b(?:customers?|clients?|saves?|saved|reduces?|increases?|faster|without|because|teams?)\b/i

/** What the brief and the files say beyond the first sentence of the offer, the most telling first, up to so many. */
export function factsOf({ brief, files }: SoFar, most: number): string[] {
  const own = sentences(brief.offer).slice(1)
  const facts = [...own.filter((one) => tells.test(one)), ...own.filter((one) => !tells.test(one))]
    .slice(0, 3)
    .map((one) => asSentence(one))
  for (const { name, text } of files) {
    if (/\.csv$/i.test(name)) facts.push(tableFact(name, text))
    else for (const one of textFacts(text)) facts.push(clip(`${name} says: “${clip(one, 200)}”`, 300))
  }
  if (brief.website !== '') facts.push(clip(`The website is ${brief.website}.`, 300))
  return facts.slice(0, most)
}

function textFacts(text: string): string[] {
  const all = sentences(text).filter((one) => one.length >= 20)
  const telling = all.filter((one) => tells.test(one))
  return (telling.length > 0 ? telling : all).slice(0, 2)
}

function tableFact(name: string, text: string): string {
  const [header = '', ...rows] = text.split('\n').filter((row) => row.trim() !== '')
  const columns = header.split(/[,;\t]/).map((column) => column.replaceAll('"', '').trim())
  const count = rows.length.toLocaleString('en-US')
  return clip(`${name} is a table of ${count} ${rows.length === 1 ? 'row' : 'rows'} with ${columns.join(', ')}.`, 300)
}

/** Whom it is for, in the person's words; from the offer's "for …" where nothing else says it. */
export function audienceOf({ brief }: SoFar): string {
  if (brief.audience !== '') return brief.audience
  return /\bfor\s+([^.!?\n]+)/i.exec(brief.offer)?.[1]?.trim() ?? ''
}
