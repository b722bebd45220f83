import { hash } from 'node:crypto'

/** 128 bits of SHA-256: enough to tell one workspace's requests apart. */
export const digest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22)

export const sha256 = (text: string): string => hash('sha256', text, 'base64url')
