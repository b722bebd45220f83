/** What every answer of Ken's carries, whatever it is. A test asks every route and every page for them. */
import type { Context } from '../context.ts'

/** No script and no style but our own files, no frame around us, forms only to us and to the payment pages. */
const pagePolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self' https://checkout.stripe.com https://billing.stripe.com",
].join('; ')

/** Data loads nothing, wherever somebody opens it. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'"

const everywhere = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
}

export function securityHeaders({ publicUrl, build }: Context, kind: 'page' | 'data'): [name: string, value: string][] {
  const headers = {
    ...everywhere,
    'Content-Security-Policy': kind === 'page' ? pagePolicy : dataPolicy,
    'X-Build': build,
    // Said where it is true: a browser that was told so over http would not listen.
    ...(publicUrl.startsWith('https:') && { 'Strict-Transport-Security': 'max-age=31536000' }),
  }
  return Object.entries(headers)
}
