/**
 * What a mail carries to say whose it is: where an answer goes, and where one says no more. Signed, so that nobody can make one up; one
 * is of no use as the other. In lower case throughout, as mail servers on the way may change the case of an address.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export type Door = 'reply' | 'unsubscribe'

const recipientPrefix = 'rcp_'
/** 96 bits: with "reply+" in front the whole still fits the 64 characters an address may have before its @. */
const sealLength = 24

export function writeToken(secret: string, door: Door, recipientId: string): string {
  const bare = recipientId.slice(recipientPrefix.length).replaceAll('-', '')
  return bare + seal(secret, door, bare)
}

/** The recipient a token stands for, or null when it is not one of ours. Takes as long for a near miss as for a far one. */
export function readToken(secret: string, door: Door, token: string): string | null {
  const [, bare, given] = /^([0-9a-f]{32})([0-9a-f]{24})$/.exec(token.toLowerCase()) ?? []
  if (bare === undefined || given === undefined) return null
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(seal(secret, door, bare)))) return null
  return recipientPrefix + bare.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function seal(secret: string, door: Door, bare: string): string {
  return createHmac('sha256', secret).update(`${door} ${bare}`).digest('hex').slice(0, sealLength)
}

/** Whether a caller gave the secret it has to give; compared by digests, which have one length. */
export function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
