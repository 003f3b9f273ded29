/** An offline stand-in for the model: a loopback HTTP server that answers `POST /v1/responses` with a scripted Responses stream. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** One thing the model does in its answer; a request is answered by a list of them. */
export type ModelStep =
  | {
      readonly say: string
      readonly chunks?: number
      readonly everyMs?: number
      /** Waits before each further chunk: for the gates `NAME 1`, `NAME 2`, … */
      readonly holdBetween?: string
      readonly thenHold?: string
    }
  /** Runs a command; with `outsideSandbox` Codex asks a person first, where its approval policy is `on-request`. */
  | { readonly run: string; readonly outsideSandbox?: boolean }
  /** Calls any other tool that Codex offers; those of a tool server are in the namespace `mcp__SERVER`. */
  | { readonly call: string; readonly namespace?: string; readonly with: object }
  | { readonly pauseMs: number }
  | { readonly hold: string }
  | { readonly fail: string }

/** What the script decides on: the newest prompt and, after a command was run, its output. */
export interface ModelTurn {
  readonly prompt: string
  readonly toolOutput?: string
}

export interface ScriptedModel {
  /** Base URL for `model_providers.*.base_url`, e.g. `http://127.0.0.1:40123/v1`. */
  readonly baseUrl: string
  /** How many requests were answered so far. */
  readonly requests: () => number
  /** Lets every answer go on that waits in a `{hold: name}` step, now and in future. */
  release(name: string): void
  close(): Promise<void>
}

export interface ScriptedModelOptions {
  readonly script: (turn: ModelTurn) => readonly ModelStep[]
}

/**
 * Starts the model on a free loopback port.
 *
 * The stream has only the events that Codex needs: created, item added, text deltas, item done, completed.
 */
export async function startScriptedModel({ script }: ScriptedModelOptions): Promise<ScriptedModel> {
  let requests = 0
  const gates = new Map<string, { readonly opened: Promise<void>; readonly open: () => void }>()
  const gate = (name: string) => {
    const known = gates.get(name)
    if (known) return known
    const { promise, resolve } = Promise.withResolvers<void>()
    const made = { opened: promise, open: resolve }
    gates.set(name, made)
    return made
  }
  const server = createServer((request, response) => {
    requests += 1
    answer(request, response, requests, script, (name) => gate(name).opened).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests: () => requests,
    release: (name) => gate(name).open(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  sequence: number,
  script: ScriptedModelOptions['script'],
  opened: (gate: string) => Promise<void>,
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
    else if ('hold' in step) await opened(step.hold)
    else if ('fail' in step) {
      send('response.failed', { response: { id, error: { code: 'server_error', message: step.fail } } })
      response.end()
      return
    } else if ('run' in step) {
      const wish = { sandbox_permissions: 'require_escalated', justification: 'The script says so.' }
      callTool({ name: 'exec_command' }, { cmd: step.run, ...(step.outsideSandbox && wish) })
    } else if ('call' in step) {
      callTool({ name: step.call, ...(step.namespace && { namespace: step.namespace }) }, step.with)
    } else await sayInChunks(step, itemId, { send, response, opened })
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
  readonly opened: (gate: string) => Promise<void>
}

async function sayInChunks(
  step: Extract<ModelStep, { say: string }>,
  itemId: string,
  { send, response, opened }: Answer,
): Promise<void> {
  const item = { type: 'message', role: 'assistant', id: itemId }
  send('response.output_item.added', { item: { ...item, content: [] } })
  for (const [index, text] of inChunks(step.say, step.chunks).entries()) {
    if (step.holdBetween !== undefined && index > 0) await opened(`${step.holdBetween} ${index}`)
    const flowing = send('response.output_text.delta', { item_id: itemId, delta: text })
    if (step.everyMs !== undefined) await delay(step.everyMs)
    else if (!flowing) await drained(response)
    if (response.destroyed) return
  }
  if (step.thenHold !== undefined) await opened(step.thenHold)
  send('response.output_item.done', { item: { ...item, content: [{ type: 'output_text', text: step.say }] } })
}

/** Until the client has read what was sent, or is gone. */
async function drained(response: ServerResponse): Promise<void> {
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
function inChunks(text: string, count?: number): string[] {
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
