/** The name of the product, and of the workspace where no switch beside it says that. */
export function Brand({ workspace }: { workspace: string | null }) {
  return (
    <div className="brand">
      <img src="/favicon.svg" alt="" width={24} height={24} />
      <span className="brand-name">Ken</span>
      {workspace !== null && (
        <span className="brand-workspace" title={workspace}>
          {workspace}
        </span>
      )}
    </div>
  )
}
