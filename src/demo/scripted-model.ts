/** An offline stand-in for the model: a loopback HTTP server that answers `POST /v1/responses` with a scripted Responses stream. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerRequest } from './model-answer.ts'
import type { ModelScript } from './model-script.ts'

export interface ScriptedModel {
  /** Base URL for `model_providers.*.base_url`, e.g. `http://127.0.0.1:40123/v1`. */
  readonly baseUrl: string
  /** How many requests were answered so far. */
  readonly requests: () => number
  /** Releases every answer that waits in a `{hold: name}` step, now and in future. */
  release(name: string): void
  close(): Promise<void>
}

export interface ScriptedModelOptions {
  readonly script: ModelScript
}

/** Starts the model on a free loopback port. */
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
    const untilOpen = (name: string) => gate(name).opened
    answerRequest(request, response, { sequence: requests, script, untilOpen }).catch((error: unknown) => {
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
