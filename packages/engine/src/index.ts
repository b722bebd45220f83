export type * from './interface.ts'
export { startEngine } from './engine.ts'
export { MigrationError } from './migrate.ts'
export { uuidV7 } from './ids.ts'
