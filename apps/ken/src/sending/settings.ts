/** What an operator may set about sending. A wrong value stops the start with one line that names it. */

export class WrongSetting extends Error {
  override readonly name = 'WrongSetting'
  readonly exitCode = 2
}

/** KEN_SENDS_PER_DAY: how many mails of campaigns a workspace may send in a UTC day. */
export function sendsPerDayOf(value: string | undefined): number {
  if (value === undefined || value === '') return 10_000
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value)
  throw new WrongSetting('KEN_SENDS_PER_DAY must be a whole number from 1 to 999,999,999.')
}

/** KEN_INBOUND_SECRET: what whoever brings answers to our mails has to give. Without one nobody may bring any. */
export function inboundSecretOf(value: string | undefined): string | null {
  if (value === undefined || value === '') return null
  if (/^[\x21-\x7e]{16,200}$/.test(value)) return value
  throw new WrongSetting('KEN_INBOUND_SECRET must be 16 to 200 visible ASCII characters.')
}
