import { startEngine } from '@headroom/engine'
import catalog from '../../catalogs/ken.ts'

const engine = await startEngine({ databaseUrl: process.env['DATABASE_URL']!, catalog, sweeper: false })
const { workspaces, differences } = await engine.audit()
await engine.stop()
console.log(workspaces > 0, differences) //> true []
