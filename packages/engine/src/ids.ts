import { hash, randomBytes } from 'node:crypto'

/** UUIDv7 (RFC 9562): time-ordered, so that new rows land at the end of their index. */
export function uuidV7(): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** 128 bits of SHA-256: enough to tell one workspace's requests apart. */
export const digest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22)

export const sha256 = (text: string): string => hash('sha256', text, 'base64url')
