/** A Stripe to develop and test against: stateful, signed webhooks, hosted pages. Development and tests only. */
export { createSimulator, type Simulator, type SimulatorClock, type SimulatorOptions } from './simulator.ts'
