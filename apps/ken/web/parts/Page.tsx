import { useEffect, useRef, type ReactNode } from 'react'

let firstPage = true

/** A page's title, in the tab and on top. After a navigation the focus is there, so that a screen reader says where one is. */
export function Page({
  title,
  lead,
  aside,
  children,
}: {
  title: string
  /** One quiet sentence under the title. */
  lead?: string
  aside?: ReactNode
  children: ReactNode
}) {
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => {
    document.title = `${title} · Ken`
  }, [title])

  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: true })
    firstPage = false
  }, [])

  return (
    <div className="page">
      <div className="page-top">
        <div className="page-titles">
          <h1 ref={heading} tabIndex={-1} className="page-title">
            {title}
          </h1>
          {lead !== undefined && <p className="quiet breakable">{lead}</p>}
        </div>
        {aside}
      </div>
      {children}
    </div>
  )
}
