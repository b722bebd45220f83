import { Loading } from '../parts/Loading.tsx'

export function ShellSkeleton() {
  return (
    <div className="shell">
      <div className="sidebar" />
      <main className="shell-content">
        <div className="page">
          <Loading what="Ken" rows={6} />
        </div>
      </main>
    </div>
  )
}
