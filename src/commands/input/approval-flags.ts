/** What `share approve` and `share deny` have in common: which approval is meant. */
import { Args, Flags } from '@oclif/core'

export const approvalArg = Args.string({
  name: 'approval',
  description: 'The beginning of its id, as `approvals` shows it. Without it the only one that waits.',
})

export const approvalThreadFlag = Flags.string({
  char: 't',
  helpValue: 'THREAD',
  description: 'Only of this thread: its id, the beginning of its id, its name, or `last`.',
})
