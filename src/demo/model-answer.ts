/** Answers one request to the scripted model with the steps of its script, as a stream of the Responses API. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { ModelScript, ModelStep, ModelTurn } from './model-script.ts'

interface AnswerOptions {
  /** Counts the requests; the ids in the stream are made of it. */
  readonly sequence: number
  readonly script: ModelScript
  /** Resolves once the gate of that name is open. */
  readonly untilOpen: (gate: string) => Promise<void>
}

/** The stream has only the events that Codex needs: created, item added, text deltas, item done, completed. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { sequence, script, untilOpen }: AnswerOptions,
): Promise<void> {
  const body: Buffer[] = []
  for await (const chunk of request) body.push(chunk as Buffer)
  if (request.method !== 'POST' || !request.url?.endsWith('/responses')) {
    response.writeHead(404).end()
    return
  }
  const send = (type: string, fields: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`)
  const id = `resp-${sequence}`
  const steps = script(readTurn(JSON.parse(Buffer.concat(body).toString('utf8'))))
  const failure = steps.find((step) => 'fail' in step)
  if (failure && steps[0] === failure) {
    response
      .writeHead(400, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { message: failure.fail } }))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  send('response.created', { response: { id } })
  for (const [index, step] of steps.entries()) {
    const itemId = `item-${sequence}-${index}`
    const callTool = (tool: { readonly name: string; readonly namespace?: string }, args: object) => {
      const call = { type: 'function_call', id: itemId, call_id: `call-${sequence}-${index}`, ...tool }
      send('response.output_item.done', { item: { ...call, arguments: JSON.stringify(args) } })
    }
    if ('pauseMs' in step) await delay(step.pauseMs)
    else if ('hold' in step) await untilOpen(step.hold)
    else if ('fail' in step) {
      send('response.failed', { response: { id, error: { code: 'server_error', message: step.fail } } })
      response.end()
      return
    } else if ('run' in step) {
      const escalation = { sandbox_permissions: 'require_escalated', justification: 'The script says so.' }
      callTool({ name: 'exec_command' }, { cmd: step.run, ...(step.outsideSandbox && escalation) })
    } else if ('call' in step) {
      callTool({ name: step.call, ...(step.namespace && { namespace: step.namespace }) }, step.with)
    } else await streamText(step, itemId, { send, response, untilOpen })
  }
  const usage = {
    input_tokens: 10,
    input_tokens_details: null,
    output_tokens: 10,
    output_tokens_details: null,
    total_tokens: 20,
  }
  send('response.completed', { response: { id, usage } })
  response.end()
}

interface Answer {
  readonly send: (type: string, fields: object) => boolean
  readonly response: ServerResponse
  readonly untilOpen: AnswerOptions['untilOpen']
}

async function streamText(
  step: Extract<ModelStep, { say: string }>,
  itemId: string,
  { send, response, untilOpen }: Answer,
): Promise<void> {
  const item = { type: 'message', role: 'assistant', id: itemId }
  send('response.output_item.added', { item: { ...item, content: [] } })
  for (const [index, text] of chunksOf(step.say, step.chunks).entries()) {
    if (step.holdBetween !== undefined && index > 0) await untilOpen(`${step.holdBetween} ${index}`)
    const flowing = send('response.output_text.delta', { item_id: itemId, delta: text })
    if (step.everyMs !== undefined) await delay(step.everyMs)
    else if (!flowing) await untilDrained(response)
    if (response.destroyed) return
  }
  if (step.thenHold !== undefined) await untilOpen(step.thenHold)
  send('response.output_item.done', { item: { ...item, content: [{ type: 'output_text', text: step.say }] } })
}

/** Waits until the client has read what was sent, or is gone. */
async function untilDrained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}

/** Splits text into `count` nearly equal parts; without a count, into words with their space. */
function chunksOf(text: string, count?: number): string[] {
  if (count === undefined) return text.match(/\S+\s*|\s+/g) ?? []
  const size = Math.max(1, Math.ceil(text.length / count))
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  )
}

interface ResponsesInput {
  readonly type?: string
  readonly role?: string
  readonly content?: readonly { readonly text?: string }[]
  readonly output?: unknown
}

/** Finds the newest user prompt, and the tool output if that came after it, in a Responses request. */
function readTurn(request: { readonly input?: readonly ResponsesInput[] }): ModelTurn {
  let turn: ModelTurn = { prompt: '' }
  for (const input of request.input ?? []) {
    if (input.role === 'user') turn = { prompt: (input.content ?? []).map((part) => part.text ?? '').join('') }
    else if (input.type === 'function_call_output') {
      const output = typeof input.output === 'string' ? input.output : JSON.stringify(input.output)
      turn = { ...turn, toolOutput: output }
    }
  }
  return turn
}
