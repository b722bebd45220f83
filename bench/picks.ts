/** Which workspace a caller asks for next. */
export type Pick = () => number

/** Numbers from 0 to 1, the same from the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function uniform(workspaces: number, random: () => number): Pick {
  return () => Math.floor(random() * workspaces)
}

/** Zipf with s = 1: the n-th most asked is asked for 1/n as often as the first. Of 10,000 the first gets every tenth. */
export function zipf(workspaces: number, random: () => number): Pick {
  const upTo = new Float64Array(workspaces)
  let sum = 0
  for (let rank = 1; rank <= workspaces; rank++) upTo[rank - 1] = sum += 1 / rank
  return () => {
    const drawn = random() * sum
    let [low, high] = [0, workspaces - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (upTo[middle]! > drawn) high = middle
      else low = middle + 1
    }
    return low
  }
}
