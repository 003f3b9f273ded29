/** A soak that is another each time. */
import { describeSoak } from './history/describe-soak.ts'

describeSoak(Number(process.env.SOAK_SEED ?? Date.now() % 1_000_000))
