import { Fragment } from 'react'

/** An address that breaks after its "@" and its dots before it breaks within a word. Any other text is shown as it is. */
export function Email({ address }: { address: string }) {
  return address.split(/(?<=[@.])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}
