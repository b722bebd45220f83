import { useEffect, useRef, type ReactNode } from 'react'

/** What the page said first: a browser reads that out by itself. */
let firstTitle: string | null = null

/** A page without the shell: the name of the product, a title, and one thing to do. A new title has the focus, to be read out. */
export function LonePage({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => {
    document.title = `${title} · Ken`
    firstTitle ??= title
    if (title !== firstTitle) heading.current?.focus({ preventScroll: true })
  }, [title])

  return (
    <main className="lone">
      <div className="brand">
        <img src="/favicon.svg" alt="" width={32} height={32} />
        <span className="brand-name">Ken</span>
      </div>
      <h1 ref={heading} tabIndex={-1} className="page-title">
        {title}
      </h1>
      {children}
    </main>
  )
}
