/** `daemon check-ledger`: run by the daemon to have every page of its ledger read while it serves. */
import { setPriority } from 'node:os'
import { Args } from '@oclif/core'
import { examineLedger } from '../../doctor/examine-ledger.ts'
import { BaseCommand } from '../base/base-command.ts'

const leastPriority = 19

export default class DaemonCheckLedger extends BaseCommand {
  static override hidden = true
  static override summary = 'Read every page of a ledger in a copy, and print as JSON what was found.'

  static override args = {
    file: Args.string({ required: true, description: 'The ledger.' }),
    folder: Args.string({ required: true, description: 'A folder to be made for the copy, and removed.' }),
  }

  override async run(): Promise<void> {
    const { args } = await this.parse(DaemonCheckLedger)
    setPriority(leastPriority)
    const leaving = new AbortController()
    process.stdin.resume().once('close', () => {
      leaving.abort()
      process.exit(1)
    })
    await this.writeJson(await examineLedger(args.file, { folder: args.folder, signal: leaving.signal }))
    this.exit(0)
  }
}
