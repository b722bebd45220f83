/** What a server says when everything in it has started. */
export const readyLine = 'torture: ready'
