/** `npm run check`: types, lint and format, in seconds. */
import { staticChecks } from './static-checks.ts'

const checks = await staticChecks()
if (checks.some(({ passed }) => !passed)) process.exitCode = 1
