export { openDatabase } from '../database.ts'
export { forget, type Forgotten } from './forget.ts'
export { exportOf, heldRows, type HeldRow } from './held.ts'
