export function Brand({ workspace }: { workspace: string }) {
  return (
    <div className="brand">
      <img src="/favicon.svg" alt="" width={24} height={24} />
      <span className="brand-name">Ken</span>
      <span className="brand-workspace" title={workspace}>
        {workspace}
      </span>
    </div>
  )
}
