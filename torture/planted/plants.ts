/** All planted bugs. */
import { plantedInMachinery } from './machinery.ts'
import type { Plant } from './plant.ts'
import { plantedInRules } from './rules.ts'

export const plants: readonly Plant[] = [...plantedInRules, ...plantedInMachinery]
