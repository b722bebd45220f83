import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { Head } from './verify.ts'

/** Heads to be kept where whoever has the database does not reach: they say how the ledger stood at that instant. */
export interface KeptHeads {
  at: string
  heads: Head[]
  /** Ed25519 over `at` and `heads` as JSON, base64; null where there was no key. */
  signature: string | null
}

const signedText = ({ at, heads }: Omit<KeptHeads, 'signature'>): Buffer => Buffer.from(JSON.stringify({ at, heads }))

/** `privateKey`: an Ed25519 key as PEM (PKCS #8), or null to leave them unsigned. */
export function keepHeads(at: string, heads: Head[], privateKey: string | null): KeptHeads {
  const signature = privateKey && sign(null, signedText({ at, heads }), createPrivateKey(privateKey)).toString('base64')
  return { at, heads, signature: signature || null }
}

/** The heads of a file that was kept. Throws where it is none, or, with a public key (PEM), where that key's owner did not sign it. */
export function keptHeads(text: string, publicKey: string | null): Head[] {
  const { at, heads, signature } = JSON.parse(text) as KeptHeads
  if (!Array.isArray(heads)) throw new Error('This file holds no heads.')
  if (publicKey === null) return heads
  const isTheirs =
    signature !== null &&
    verify(null, signedText({ at, heads }), createPublicKey(publicKey), Buffer.from(signature, 'base64'))
  if (!isTheirs) throw new Error('The heads are not signed by this key.')
  return heads
}
