/** What a bash is given must be understood by 3.2, which is what macOS has. There is none to run it on: it is read for what came later. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are bash's.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'

const root = join(import.meta.dirname, '../..')
const init = readFileSync(join(root, 'service/shell/init.bash'), 'utf8')

/** What 3.2 does not know, or does not take under `set -u`, with an example. */
const newer: readonly (readonly [what: string, pattern: RegExp, example: string])[] = [
  ['upper and lower case', /\$\{\w+(?:\[[^\]]*\])?(?:,|\^)/, '${word,,}'],
  ['transformations', /\$\{[^}]*@[A-Za-z]\}/, '${word@Q}'],
  ['negative indices', /\[-\d|\$\{\w+:[^}]*:\s*-\d/, '${words[-1]}'],
  ['attributes', /\b(?:declare|local|typeset)\s+-\w*[AgnluI]/, 'local -A table'],
  ['mapfile', /\b(?:mapfile|readarray)\b/, 'mapfile -t words'],
  ['coproc', /\bcoproc\b/, 'coproc cat'],
  ['whether a variable is set', /(?:\[\[?|\btest)\s+(?:!\s+)?-[vR]\s/, '[[ -v word ]]'],
  ['operators', /&>>|\|&|;;?&/, 'ls |& cat'],
  ['steps', /\{\w+\.\.\w+\.\.\d+\}|\{0\d+\.\./, '{1..9..2}'],
  ['times', /\bprintf\b[^\n]*%\(/, "printf '%(%s)T'"],
  ['code points', /\$'[^']*\\[uU]/, "$'\\u2026'"],
  ['options of read and wait', /\bread\s+(?:-\w+\s+)*-\w*[Ni]|\bread\b.*-t\s*\d*\.\d|\bwait\s+-n/, 'read -N 1'],
  ['descriptors by name', /\bexec\s+\{\w+\}/, 'exec {log}>file'],
  ['variables', /\b(?:BASHPID|EPOCH\w+|SRANDOM|READLINE_\w+|COMP_KEY|BASH_XTRACEFD)\b/, 'echo $BASHPID'],
  ['options of the shell', /\bshopt\s.*\b(?:globstar|lastpipe|inherit_errexit|autocd)\b/, 'shopt -s globstar'],
  ['options of complete', /\bcomplete\s.*-\w*[DEI]\b/, 'complete -D'],
  ['compopt that must be there', /\bcompopt\b(?!.*2>\/dev\/null \|\|)/, 'compopt -o nospace'],
  ['a file that is a pipe', /(?:\bsource|^\s*\.)\s+<\(/m, 'source <(codex-share shell-init bash)'],
  ['an empty array under set -u', /\$\{\w+\[[@*]\]\}/, '"${words[@]}"'],
]

describe('what a bash is given', () => {
  it('has nothing that came after 3.2', () => {
    const found = (text: string) => newer.filter(([, pattern]) => pattern.test(text)).map(([what]) => what)
    for (const [what, , example] of newer) expect(found(example), example).to.include(what)
    expect(found(init.replaceAll(/^\s*#.*$/gm, ''))).to.deep.equal([])
  })

  it('is told to be put in by eval, which 3.2 can', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const command = readFileSync(join(root, 'src/commands/shell-init.ts'), 'utf8')
    expect(readme).to.include('eval "$(codex-share shell-init bash)"')
    expect(`${readme}${command}${init}`).not.to.match(/(?:source|\.) <\(/)
  })

  /** What is asked for where the cursor stands behind `before`; a bash of 3.2 counts bytes. */
  function askedFor(text: string, before: string, behind: string, point: number): string {
    const asked = spawnSync(
      'bash',
      ['--norc', '--noprofile', '-uc', `${text}\n_codex_share; printf '%s' "$COMPREPLY"`],
      {
        encoding: 'utf8',
        env: {
          ...{ LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin', COMP_WORDBREAKS: ' ' },
          ...{ COMP_LINE: before + behind, COMP_POINT: String(point) },
        },
      },
    )
    return asked.stdout || asked.stderr
  }

  it('takes what stands before the cursor, counted as this bash counts or as that of 3.2', () => {
    const echo = 'command() { printf "<%s>\\n" "$5"; }'
    const [before, behind] = ['codex-share post --thread "e\u0301\u{1f600} ', 'x --json']
    const as32 = `OLD=(3 2 57); ${init.replaceAll('BASH_VERSINFO', 'OLD')}`
    const bytes = Buffer.byteLength(before)
    expect([
      askedFor(`${init}\n${echo}`, before, behind, [...before].length),
      askedFor(`${as32}\n${echo}`, before, behind, bytes),
    ]).to.deep.equal([`<${before}>`, `<${before}>`])
  })

  it('puts no space behind a folder, also where there is no compopt', () => {
    const folder = `command() { echo @folder/; }; enable -n compopt\n_codex_share; printf '<%s>' "\${COMPREPLY[@]}"; exit`
    expect(askedFor(`${init}\n${folder}`, 'codex-share post --prompt @fol', '', 30)).to.equal('<@folder/><@folder/ >')
  })
})
