/** The shell of the hosted pages: what is bought or owned on one side, what can be done on the other. No script, nothing loaded from elsewhere. */
import { styles } from './styles.ts'

export interface Page {
  title: string
  /** Beside the body on wide screens, above it on narrow ones. HTML. */
  aside: string
  /** HTML; everything from outside in it has gone through `escape`. */
  body: string
}

/** A whole HTML document. */
export const page = ({ title, aside, body }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escape(title)}</title>
<style>${styles}</style>
</head>
<body>
<div class="sides">
<header class="aside"><div class="inner">
${aside}
<p class="simulated"><span class="tag">Test mode</span> Simulated: no money moves.</p>
</div></header>
<main class="main"><div class="inner">
${body}
</div></main>
</div>
</body>
</html>
`

/** Text of others as text. */
export const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

/** $1,234.50, or -$5.00 for what is given back. */
export const money = (cents: number, currency = 'usd'): string =>
  (cents / 100).toLocaleString('en-US', { style: 'currency', currency: currency.toUpperCase() })

/** What happened, above everything else: read out when the page opens. */
export const notice = (kind: 'good' | 'bad' | 'info', text: string): string =>
  `<p class="notice ${kind}" role="${kind === 'bad' ? 'alert' : 'status'}">${escape(text)}</p>`

/** A way out, back to the shop. */
export const backLink = (url: string, text: string): string =>
  `<a class="back" href="${escape(url)}"><span aria-hidden="true">←</span> ${escape(text)}</a>`

export interface Choice {
  value: string
  label: string
  /** Beneath the label. */
  hint?: string
  /** At the right: a price. */
  aside?: string
  checked?: boolean
}

/** One of several, as cards with radio buttons. */
export const choices = (name: string, legend: string, options: readonly Choice[]): string =>
  `<fieldset class="choices"><legend>${escape(legend)}</legend>${options
    .map(
      ({ value, label, hint, aside, checked }) => `
<label class="choice"><input type="radio" name="${escape(name)}" value="${escape(value)}" required${checked === true ? ' checked' : ''}>
<span class="what"><span class="label">${escape(label)}</span>${hint === undefined ? '' : `<span class="hint">${escape(hint)}</span>`}</span>${
        aside === undefined ? '' : `<span class="amount">${escape(aside)}</span>`
      }</label>`,
    )
    .join('')}</fieldset>`

/** `quiet` for what is not the main thing, `grave` for what ends something; `small` stands in a table. */
export const button = (
  text: string,
  kind: 'main' | 'quiet' | 'grave' | 'quiet small' = 'main',
  attributes = '',
): string => `<button class="button ${kind}"${attributes === '' ? '' : ` ${attributes}`}>${escape(text)}</button>`
