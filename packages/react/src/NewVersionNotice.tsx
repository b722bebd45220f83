/** The page was loaded before a deploy. It works on; a reload brings the new one. Shown where nothing typed would be lost. */
export function NewVersionNotice({ onReload = () => window.location.reload() }: { onReload?: () => void }) {
  return (
    <div className="hr-notice" data-kind="calm" role="status">
      <p className="hr-notice-title">A new version is ready.</p>
      <button type="button" className="hr-button" onClick={onReload}>
        Reload
      </button>
    </div>
  )
}
