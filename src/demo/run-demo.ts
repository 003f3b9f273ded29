/** Runs the demo: the whole story of one shared thread, by this program's own commands on the real app-server. */
import { sendSignal } from '../platform/processes/send-signal.ts'
import { shellWord } from '../protocol/text/shell-word.ts'
import { DemoCommands } from './demo-commands.ts'
import { makeDemoHome } from './demo-home.ts'
import type { ModelStep, ModelTurn } from './model-script.ts'
import { makeScriptedHome } from './scripted-home.ts'
import { startScriptedModel } from './scripted-model.ts'

interface DemoOptions {
  readonly env: NodeJS.ProcessEnv
  readonly write: (text: string) => void
  /** Marks what the demo itself says, such as by making it bold. */
  readonly emphasise: (text: string) => string
  /** Ends the demo early; it cleans up all the same. */
  readonly signal: AbortSignal
}

const question = 'What is in this folder, and is it safe to release?'
const restartQuestion = 'Write the release notes.'

/** What the model says in the demo, so that every run is the same. */
function script({ prompt, toolOutput }: ModelTurn): readonly ModelStep[] {
  if (toolOutput !== undefined)
    return [
      { say: 'There is one file, `NOTES.md`. ' },
      { hold: 'answer' },
      { say: 'Nothing speaks against a release.', everyMs: 40 },
    ]
  if (prompt.includes(question)) return [{ run: 'echo "ready" > NOTES.md; ls' }]
  if (prompt.includes(restartQuestion))
    return [{ say: 'Here are the notes: ' }, { hold: 'restart' }, { say: 'everything survived the restart.' }]
  return [{ say: 'Noted.' }]
}

/**
 * Tells the story and cleans up after it.
 *
 * @throws Error when something in it is not as it should be: the demo is a test, too.
 */
export async function runDemo({ env, write, emphasise, signal }: DemoOptions): Promise<void> {
  const model = await startScriptedModel({ script })
  const home = makeDemoHome(env)
  makeScriptedHome({ dir: home.codexHome, baseUrl: model.baseUrl, sandboxMode: 'workspace-write' })
  const commands = new DemoCommands({ env: home.env, cwd: home.workDir })
  const show = indentLines(write)
  const say = (text: string) => write(`\n${emphasise(text)}\n`)
  const type = (args: readonly string[]) => write(` $ codex-share ${args.map(shellWord).join(' ')}\n`)
  const run = async (args: readonly string[], expectedCode = 0) => {
    type(args)
    const result = await commands.run(args)
    show(result.stdout + result.stderr)
    if (result.code !== expectedCode)
      throw new Error(`${args.join(' ')} ended with exit code ${result.code}: ${result.stderr}`)
    return result
  }
  const endCommands = () => void commands.close()
  signal.addEventListener('abort', endCommands)
  try {
    signal.throwIfAborted()
    write(
      'The real Codex app-server, a scripted model and a temporary home: no account, no network, nothing of yours is touched.\n(Codex will say that it does not know the scripted model. That is as it should be.)\n',
    )

    say('1. Somebody shares a thread. The daemon starts by itself.')
    await run(['start', '--name', 'release'])

    say('2. Two others follow it.')
    const tails = ['--thread', 'release', '--from', '1', '--json']
    type(['tail', ...tails])
    const followers = [commands.start(['tail', ...tails]), commands.start(['tail', ...tails])] as const

    say('3. A script posts a prompt and is shown the answer as it comes.')
    const post = ['post', '--thread', 'release', '--as', 'ci', '--prompt', question]
    type(post)
    const posting = commands.start(post, show)
    await posting.waitFor(/NOTES\.md/)

    say('4. A second prompt during the turn is refused at once, with exit code 3.')
    await run(['post', '--thread', 'release', '--as', 'cron', '--prompt', 'Me too!'], 3)
    model.release('answer')
    expectCode(await posting.ended, 0)

    say('5. Another reads it back: by event id, and by time.')
    await run(['get', '--thread', 'release', '--from', '1', '--limit', '200'])
    await run(['get', '--thread', 'release', '--from', '5m', '--limit', '1', '--json'])

    say('6. The daemon is killed in the middle of an answer. The turn goes on, and nobody misses anything.')
    const second = ['post', '--thread', 'release', '--as', 'ci', '--prompt', restartQuestion]
    type(second)
    const interrupted = commands.start(second, show)
    await interrupted.waitFor(/Here are the notes/)
    const { daemon } = JSON.parse((await commands.run(['daemon', 'status', '--json'])).stdout) as {
      daemon: { pid: number }
    }
    write(` $ kill -9 ${daemon.pid}\n`)
    sendSignal(daemon.pid, 'SIGKILL')
    await run(['list'])
    model.release('restart')
    expectCode(await interrupted.ended, 0)
    await Promise.all(followers.map((follower) => follower.waitFor(/("method":"turn\/completed"[\s\S]*){2}/)))

    say('7. The two followers saw the same events, in the same order:')
    const [left, right] = followers.map((follower) => lastingIds(follower.stdout()))
    if (!left || left.length === 0 || left.join() !== right?.join())
      throw new Error(`they differ: ${left} and ${right}`)
    show(`${left.length} events, ids ${left[0]} to ${left.at(-1)}, both the same\n`)
    await Promise.all(followers.map((follower) => follower.stop()))

    say('8. A clean stop of daemon and app-server.')
    await run(['daemon', 'stop', '--all'])
  } finally {
    signal.removeEventListener('abort', endCommands)
    await commands.close()
    // First, so that a turn that runs ends now.
    await model.close()
    // A command that was ended may have left a daemon on its way up: with another one it comes to be the one that is stopped.
    if (signal.aborted) await commands.run(['daemon', 'start'])
    await commands.run(['daemon', 'stop', '--all'])
    home.remove()
  }
}

function expectCode(
  { code, stderr }: { readonly code: number | null; readonly stderr: string },
  expected: number,
): void {
  if (code !== expected) throw new Error(`the post ended with exit code ${code}: ${stderr}`)
}

/**
 * Ids of the events that stay, to the end of the last turn: what Codex sends behind it may have come to one follower alone so far.
 * Pieces of a growing answer go when it is whole, so who came back has fewer of them.
 */
function lastingIds(lines: string): number[] {
  const events = lines
    .slice(0, lines.lastIndexOf('\n'))
    .split('\n')
    .map((line) => JSON.parse(line) as { id: number; method: string })
  const end = events.findLastIndex(({ method }) => method === 'turn/completed')
  return events
    .slice(0, end + 1)
    .filter(({ method }) => !/[dD]elta$/.test(method))
    .map(({ id }) => id)
}

/** Indents every line, also one that comes in pieces. */
function indentLines(write: (text: string) => void): (text: string) => void {
  let atStart = true
  return (text) => {
    if (text === '') return
    write((atStart ? '   ' : '') + text.replaceAll(/\n(?=[^\n])/g, '\n   '))
    atStart = text.endsWith('\n')
  }
}
