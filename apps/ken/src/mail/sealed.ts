/** The secret part of a link in a mail that waits or stands in the mailbox: kept sealed, so that the tables alone open no door. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const keyOf = (secret: string) => Buffer.from(hkdfSync('sha256', secret, '', 'ken mail tokens', 32))

export function seal(secret: string, token: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce)
  const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** What was sealed, or null when it was sealed with another secret. */
function unseal(secret: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url')
  try {
    const cipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, 12))
    cipher.setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/** Stands in a mail's bodies for the token. */
export const tokenPlace = '~token~'

/** A body as it is read: with the token in its place, where it has one. */
export function withToken(secret: string, sealed: string | null, body: string): string {
  return sealed === null ? body : body.replaceAll(tokenPlace, unseal(secret, sealed) ?? '')
}
