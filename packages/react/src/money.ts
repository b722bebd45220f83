/** Integer cents as people read them. */

/** 9900 → "$99", 7920 → "$79.20": whole amounts without cents. The smallest unit is the currency's own (a yen has no cents). */
export function money(cents: number, currency: string): string {
  const options = { style: 'currency', currency } as const
  const digits = new Intl.NumberFormat('en-US', options).resolvedOptions().maximumFractionDigits ?? 2
  const isWhole = cents % 10 ** digits === 0
  return new Intl.NumberFormat('en-US', { ...options, minimumFractionDigits: isWhole ? 0 : digits }).format(
    cents / 10 ** digits,
  )
}

/** 9900 → "$99.00": with all its digits, for what is about to be paid or was. */
export function exactMoney(cents: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency })
  return format.format(cents / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
