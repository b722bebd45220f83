import { useEffect, type ReactNode } from 'react'

/** A page without the shell: the name of the product, a title, and one thing to do. */
export function LonePage({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Ken`
  }, [title])
  return (
    <main className="lone">
      <div className="brand">
        <img src="/favicon.svg" alt="" width={32} height={32} />
        <span className="brand-name">Ken</span>
      </div>
      <h1 className="page-title">{title}</h1>
      {children}
    </main>
  )
}
