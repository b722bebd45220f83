/** Grey rows as high as what will stand there. `what` is heard: "Loading campaigns". */
export function Loading({ what, rows, height = 44 }: { what: string; rows: number; height?: number }) {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">Loading {what}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="loading-row" style={{ height }} />
      ))}
    </div>
  )
}
