/** The flags that say where reading a thread begins. */
import { Flags } from '@oclif/core'

export const fromFlag = Flags.string({
  helpValue: 'WHERE',
  exclusive: ['after'],
  description:
    'Begin there: an event id (that one and later), a time such as 2026-11-22T14:00:00Z, @unix-seconds, or an age (45s, 10m, 2h, 1d, 1w).',
})

export const afterFlag = Flags.string({
  helpValue: 'ID',
  exclusive: ['from'],
  description: 'Begin behind this event id: what a script that goes on reading gives.',
})
