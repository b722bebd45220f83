import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { Head } from './verify.ts'

/** Heads to be kept where whoever has the database does not reach: they say how the ledger stood at that instant. */
export interface KeptHeads {
  at: string
  heads: Head[]
  /** Ed25519 over `at` and `heads` as JSON, base64; null where there was no key. */
  signature: string | null
}

const signedText = ({ at, heads }: Omit<KeptHeads, 'signature'>): Buffer => Buffer.from(JSON.stringify({ at, heads }))

/** `privateKey`: an Ed25519 key as PEM (PKCS #8), or null to leave them unsigned. Throws where it is no such key. */
export function keepHeads(at: string, heads: Head[], privateKey: string | null): KeptHeads {
  const key = privateKey === null ? null : ed25519(() => createPrivateKey(privateKey))
  return { at, heads, signature: key && sign(null, signedText({ at, heads }), key).toString('base64') }
}

/** What stands in a file that was kept. Throws where it is none, or, with a public key (PEM), where that key's owner did not sign it. */
export function keptHeads(text: string, publicKey: string | null): KeptHeads {
  const kept = JSON.parse(text) as Partial<KeptHeads> | null
  const { at, heads, signature = null } = kept ?? {}
  if (typeof at !== 'string' || !Array.isArray(heads) || !heads.every(isHead))
    throw new Error('This file holds no heads.')
  if (publicKey === null) return { at, heads, signature }
  const key = ed25519(() => createPublicKey(publicKey))
  const isTheirs =
    typeof signature === 'string' && verify(null, signedText({ at, heads }), key, Buffer.from(signature, 'base64'))
  if (!isTheirs) throw new Error('The heads are not signed by this key.')
  return { at, heads, signature }
}

function isHead(value: unknown): value is Head {
  const { workspace, number, lastSeq, hash } = (value ?? {}) as Partial<Record<keyof Head, unknown>>
  return (
    typeof workspace === 'string' && typeof hash === 'string' && Number.isInteger(number) && Number.isInteger(lastSeq)
  )
}

function ed25519(read: () => KeyObject): KeyObject {
  let key: KeyObject | undefined
  try {
    key = read()
  } catch {
    // Whatever it is, it is said below that it is no key.
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw new Error('This is no Ed25519 key in PEM.')
  return key
}
