/** Posts into the thread of a world, and what the ledger and the model have of them. */
import type { CommandResult } from '../../support/sites/command-site.ts'
import type { World } from './world.ts'

/** Shares a thread, a new one by default. */
export async function shareThread(world: World, threadId?: string): Promise<string> {
  const { code, stdout, stderr } = await world.run(['start', '--json', ...(threadId ? ['--thread', threadId] : [])])
  if (code !== 0) throw new Error(`no thread can be shared (${code}): ${stderr}`)
  return String(JSON.parse(stdout).threadId)
}

/** The prompt is its own request id. */
export function post(world: World, prompt: string, env?: NodeJS.ProcessEnv): Promise<CommandResult> {
  const to = ['--thread', String(world.threadId), '--request-id', prompt.replaceAll(' ', '-')]
  return world.run(['post', ...to, '--prompt', prompt, '--json'], env)
}

interface Found {
  readonly method: string
  readonly params: {
    readonly item?: { readonly type: string; readonly content?: readonly { text: string }[]; text?: string }
  }
}

/** How often each prompt is in the ledger, and each answer, in the thread's newest events. */
export async function readBack(world: World): Promise<{ prompts: string[]; answers: string[] }> {
  const { code, stdout, stderr } = await world.run([
    'get',
    '--thread',
    String(world.threadId),
    '--limit',
    '200',
    '--json',
  ])
  if (code !== 0) throw new Error(`the thread cannot be read (${code}): ${stderr}`)
  const events = (JSON.parse(stdout) as { events: Found[] }).events
  const items = events.flatMap(({ method, params: { item } }) => (method === 'item/completed' && item ? [item] : []))
  return {
    prompts: items.flatMap(({ type, content }) => (type === 'userMessage' ? [String(content?.[0]?.text)] : [])),
    answers: items.flatMap(({ type, text }) => (type === 'agentMessage' ? [String(text)] : [])),
  }
}

/** The same post once more: it has run once by then, with one answer, and is in the ledger once. */
export async function judgePost(world: World, prompt: string): Promise<string[]> {
  const again = await post(world, prompt)
  const { prompts, answers } = await readBack(world)
  const found = {
    code: again.code,
    asked: world.timesAsked(prompt),
    prompts: prompts.filter((text) => text === prompt).length,
    answers: answers.filter((text) => text === `You said: ${prompt}`).length,
  }
  const isRight = JSON.stringify(found) === JSON.stringify({ code: 0, asked: 1, prompts: 1, answers: 1 })
  return isRight ? [] : [`“${prompt}” posted once more: ${JSON.stringify(found)} ${again.stderr}`]
}
