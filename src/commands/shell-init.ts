/** `shell-init`: what a shell needs so that `codex share …` works, with completion. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Args } from '@oclif/core'
import { BaseCommand } from './base/base-command.ts'

const folder = join(import.meta.dirname, '../../service/shell')

export default class ShellInit extends BaseCommand {
  static override summary = 'Print what makes `codex share …` work in a shell, with completion.'
  static override description =
    'Everything but `codex share` goes to Codex untouched. Put the line of your shell into its startup file.'
  static override examples = [
    'eval "$(<%= config.bin %> <%= command.id %> bash)"   # ~/.bashrc',
    'eval "$(<%= config.bin %> <%= command.id %> zsh)"    # ~/.zshrc',
    '<%= config.bin %> <%= command.id %> fish | source    # ~/.config/fish/config.fish',
  ]

  static override args = {
    shell: Args.string({ required: true, options: ['bash', 'zsh', 'fish'], description: 'The shell.' }),
  }

  override async run(): Promise<void> {
    const { args } = await this.parse(ShellInit)
    await this.write(readFileSync(join(folder, `init.${args.shell}`), 'utf8'))
  }
}
