/** Text as people see it: one line, without what has no width or turns the text around, and no letter under a tower of marks. */

/**
 * Characters without a width, and those that order the text. The joiners and variation selectors stay: scripts and emoji are
 * written with them.
 */
const withoutWidth =
  /[\u034f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu

/** More marks on one letter than any language writes; they would be drawn over the lines above and below. */
const towers = /(\p{Mn}(?:[\u200c\u200d]*\p{Mn}){2})(?:[\u200c\u200d]*\p{Mn})+/gu

/** Cleaned and normalised (NFC); empty where nothing of it could be seen. Asked again about its answer it changes nothing. */
export function visibleText(text: string): string {
  const line = text
    .normalize('NFC')
    .replace(withoutWidth, '')
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(towers, '$1')
    .trim()
  return /[^\s\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(line) ? line : ''
}
