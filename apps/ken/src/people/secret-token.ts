/** What a link in a mail is worth: known to who has the link; kept only as its hash, by which it is found. */
import { createHash, randomBytes } from 'node:crypto'

/** 32 random bytes, as they stand in a link. */
export const newSecretToken = (): string => randomBytes(32).toString('base64url')

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')
