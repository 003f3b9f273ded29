/** `demo --tui`: the terminal UI to play with, on the real app-server with a scripted model, in a temporary home. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { shellWord } from '../protocol/text/shell-word.ts'
import { DemoCommands } from './demo-commands.ts'
import { makeDemoHome } from './demo-home.ts'
import type { ModelStep, ModelTurn } from './model-script.ts'
import { makeScriptedHome } from './scripted-home.ts'
import { startScriptedModel } from './scripted-model.ts'

interface TuiDemoOptions {
  readonly env: NodeJS.ProcessEnv
  readonly write: (text: string) => void
  /** Ends the UI; what it was in is cleaned up all the same. */
  readonly signal: AbortSignal
}

const program = join(import.meta.dirname, '../../bin/run.js')

const answer = `You said: “{prompt}”. I am a **scripted** model; these words do something:

| prompt | what happens |
|---|---|
| run ls | runs a command |
| ask ls | asks for your approval first |
| slow | takes half a minute: time for somebody else to post, and be told that it is busy |

\`\`\`ts
const shared = await share(thread) // and this is how code looks
\`\`\`
`

const slowly = Array.from({ length: 60 }, (_, index) => `${index + 1} `).join('')

export function script({ prompt, toolOutput }: ModelTurn): readonly ModelStep[] {
  if (toolOutput !== undefined) return [{ say: 'The command has run.' }]
  const [verb = '', ...rest] = prompt.trim().split(/\s+/)
  if (verb === 'run') return [{ run: rest.join(' ') || 'ls' }]
  if (verb === 'ask') return [{ run: rest.join(' ') || 'ls', outsideSandbox: true }]
  if (verb === 'slow') return [{ say: slowly, everyMs: 500 }]
  return [{ say: answer.replace('{prompt}', () => prompt), everyMs: 8 }]
}

/** Runs the UI until the person leaves it, and cleans up: no process and no file of it is left. */
export async function runTuiDemo({ env, write, signal }: TuiDemoOptions): Promise<void> {
  const model = await startScriptedModel({ script })
  const home = makeDemoHome(env)
  makeScriptedHome({
    dir: home.codexHome,
    baseUrl: model.baseUrl,
    approvalPolicy: 'on-request',
    sandboxMode: 'workspace-write',
  })
  try {
    write(
      `The real Codex app-server, a scripted model and a temporary home: nothing of yours is touched. Ctrl+C twice leaves.
Type /share, start sharing, and post into the session from a second terminal:

  ${postCommand(home.env)}

`,
    )
    await runUi({ env: home.env, cwd: home.workDir, signal })
  } finally {
    // First, so that a turn that runs ends now.
    await model.close()
    await new DemoCommands({ env: home.env, cwd: home.workDir }).run(['daemon', 'stop', '--all'])
    home.remove()
  }
}

/** In this very terminal. Keys such as Ctrl+C are the UI's, so it alone decides when it ends. */
function runUi({ env, cwd, signal }: UiOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'tui', '--as', 'you'], { env, cwd, stdio: 'inherit' })
    const end = () => child.kill('SIGTERM')
    signal.addEventListener('abort', end)
    child.once('error', reject)
    child.once('exit', () => {
      signal.removeEventListener('abort', end)
      resolve()
    })
    if (signal.aborted) end()
  })
}

interface UiOptions {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly signal: AbortSignal
}

/** For a second terminal, which has another environment. */
function postCommand({ CODEX_SHARE_RUNTIME_DIR = '', CODEX_HOME = '' }: NodeJS.ProcessEnv): string {
  const places = `CODEX_SHARE_RUNTIME_DIR=${shellWord(CODEX_SHARE_RUNTIME_DIR)} CODEX_HOME=${shellWord(CODEX_HOME)}`
  return `${places} ${shellWord(process.execPath)} ${shellWord(program)} post --thread last --as ci --prompt hello`
}
