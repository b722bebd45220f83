/** What a mail looks like: one letter, as text and as HTML that says the same. */

export interface Letter {
  subject: string
  paragraphs: string[]
  /** What to do now; `href` is absolute, as a mail is read anywhere. */
  link: { label: string; href: string }
  /** Why it came, under the letter. */
  footer: string
}

/** The two bodies of a mail. Whatever people have typed, such as a name, comes out as they typed it and never as markup. */
export function bodiesOf(name: string, { subject, paragraphs, link, footer }: Letter): { text: string; html: string } {
  const greeting = `Hi ${oneLine(name)},`
  const text = [greeting, ...paragraphs, `${link.label}: ${link.href}`, `-- \n${footer}`].join('\n\n') + '\n'
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light only">
    <title>${escaped(subject)}</title>
  </head>
  <body style="margin:0;padding:24px;background:#fff;color:#1c1f26;font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;overflow-wrap:anywhere">
    <main style="max-width:560px">
      ${[greeting, ...paragraphs].map((one) => `<p style="margin:0 0 16px">${escaped(one)}</p>`).join('\n      ')}
      <p style="margin:24px 0"><a href="${escaped(link.href)}" target="_blank" rel="noopener" style="display:inline-block;padding:10px 16px;border-radius:6px;background:#4f46e5;color:#fff;font-weight:600;text-decoration:none">${escaped(link.label)}</a></p>
      <p style="margin:0;padding-top:16px;border-top:1px solid #d9dce3;color:#5a6070;font-size:13px">${escaped(footer)}</p>
    </main>
  </body>
</html>
`
  return { text, html }
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (character) => entities[character]!)

/** A name stands in one line of a text and in a header: what would end the line becomes a space. */
export const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
