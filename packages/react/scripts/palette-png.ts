/** A picture of a page in at most 256 colours: a third of the bytes, and no eye sees it, as pages have few colours. */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const rgb = 3

/** Takes what a browser's screenshot is: eight bits, red, green and blue, not interlaced. Keeps the 256 commonest colours. */
export function palettePng(png: Buffer): Buffer {
  const chunks = chunksOf(png)
  const header = chunks.find(({ type }) => type === 'IHDR')!.data
  if (header[8] !== 8 || header[9] !== 2) throw new Error('Not a picture of eight bits in red, green and blue')
  const width = header.readUInt32BE(0)
  const data = Buffer.concat(chunks.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])))
  const pixels = unfiltered(inflateSync(data), width * rgb)
  const { palette, placeOf } = paletteOf(pixels)

  const height = pixels.length / (width * rgb)
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++, from += rgb) rows[y * (width + 1) + 1 + x] = placeOf(pixels.readUIntBE(from, rgb))
  }
  const indexed = Buffer.from(header)
  indexed[9] = 3
  return Buffer.concat([
    signature,
    chunk('IHDR', indexed),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => channels(colour)))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function paletteOf(pixels: Buffer): { palette: number[]; placeOf: (colour: number) => number } {
  const counts = new Map<number, number>()
  for (let at = 0; at < pixels.length; at += rgb) {
    const colour = pixels.readUIntBE(at, rgb)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const palette = [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 256)
    .map(([colour]) => colour)
  const places = new Map(palette.map((colour, place) => [colour, place]))
  const placeOf = (colour: number) => {
    const known = places.get(colour) ?? palette.indexOf(nearest(colour, palette))
    places.set(colour, known)
    return known
  }
  return { palette, placeOf }
}

const channels = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255] as const

function nearest(colour: number, palette: readonly number[]): number {
  const [red, green, blue] = channels(colour)
  const away = (other: number) => {
    const [r, g, b] = channels(other)
    return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2
  }
  return palette.reduce((best, other) => (away(other) < away(best) ? other : best))
}

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks = []
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}

/** Each row of a PNG says what its bytes are the difference to (PNG specification, 9.2): left, above, both, or the Paeth predictor. */
function unfiltered(raw: Buffer, stride: number): Buffer {
  const pixels = Buffer.alloc((raw.length / (stride + 1)) * stride)
  for (let at = 0; at < pixels.length; at++) {
    const [x, y] = [at % stride, Math.floor(at / stride)]
    const left = x >= rgb ? pixels[at - rgb]! : 0
    const above = y > 0 ? pixels[at - stride]! : 0
    const corner = x >= rgb && y > 0 ? pixels[at - stride - rgb]! : 0
    const filter = raw[y * (stride + 1)]!
    const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter]!
    pixels[at] = raw[y * (stride + 1) + 1 + x]! + guess
  }
  return pixels
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)]
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}
