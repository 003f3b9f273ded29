/** The soak that is the same each time. */
import { describeSoak } from './history/describe-soak.ts'

describeSoak(1)
