import { useState, type ClipboardEvent, type KeyboardEvent } from 'react'

/** Whether what was typed or pasted into a number field last holds no figure: the field does not take it, and must not pass over it in silence. */
export function useUnread() {
  const [unread, setUnread] = useState(false)
  return {
    unread,
    /** A number was taken. */
    clear: () => setUnread(false),
    control: {
      onKeyDown: ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) =>
        setUnread(key.length === 1 && !ctrlKey && !metaKey && !altKey && noFigure(key)),
      onPaste: ({ clipboardData }: ClipboardEvent) => setUnread(noFigure(clipboardData.getData('text'))),
    },
  }
}

const noFigure = (text: string): boolean => !/[\d.,\s+-]/.test(text)
