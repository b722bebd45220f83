/** A short list of sentences. */
export function Points({ points, none }: { points: string[]; none: string }) {
  if (points.length === 0) return <p className="quiet">{none}</p>
  return (
    <ul className="build-points">
      {points.map((point, index) => (
        <li key={index}>{point}</li>
      ))}
    </ul>
  )
}
