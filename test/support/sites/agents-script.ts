/** What the scripted model says to have Codex start a sub-agent, and give it work once more. */
import type { ModelStep, ModelTurn } from '../../../src/demo/model-script.ts'
import { scriptByWords } from './daemon-process.ts'

/** `agent WORDS` has one sub-agent work on these words, waits for it, then has it `say again`; all else is as elsewhere. One such at a time. */
export function agentsScript(): (turn: ModelTurn) => readonly ModelStep[] {
  let agent = ''
  let step = 0
  const call = (tool: string, more: object): readonly ModelStep[] => [
    { call: tool, namespace: 'multi_agent_v1', with: more },
  ]
  return (turn) => {
    const [, words] = /^agent (.*)$/.exec(turn.prompt.trim()) ?? []
    if (words === undefined && !turn.prompt.includes('<subagent_notification>')) return scriptByWords(turn)
    if (words !== undefined && turn.toolOutput === undefined) step = 0
    agent = /agent_id\W+([0-9a-f-]{36})/.exec(turn.toolOutput ?? '')?.[1] ?? agent
    step += 1
    if (step === 1) return call('spawn_agent', { message: words })
    if (step === 3) return call('send_input', { target: agent, message: 'say again' })
    return step < 5 ? call('wait_agent', { targets: [agent] }) : [{ say: 'The agent is done.' }]
  }
}
