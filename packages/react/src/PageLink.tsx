import type { MouseEvent, ReactNode } from 'react'

export interface PageLinkProps {
  href: string
  /** Your router's way there. Without it, and for another tab or window, the browser follows the link. */
  onNavigate?: ((href: string) => void) | undefined
  className?: string
  children: ReactNode
}

/** A link to a page of the host: a plain one, which the host's router may take over. */
export function PageLink({ href, onNavigate, className, children }: PageLinkProps) {
  const follow = (event: MouseEvent) => {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
    if (!onNavigate || !isPlain || event.defaultPrevented) return
    event.preventDefault()
    onNavigate(href)
  }
  return (
    <a href={href} className={className} onClick={follow}>
      {children}
    </a>
  )
}
