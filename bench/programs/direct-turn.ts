/** The least a script can do that runs one turn without us: connect to the app-server, resume the thread, prompt, print, leave. */
import { connect } from 'node:net'
import { WebSocket } from 'ws'

const [path = '', threadId, text] = process.argv.slice(2)
const ws = new WebSocket('ws://localhost/rpc', { createConnection: () => connect(path), perMessageDeflate: false })
const send = (message: object) => ws.send(JSON.stringify(message))

ws.on('open', () => {
  const capabilities = { experimentalApi: true, requestAttestation: false, optOutNotificationMethods: [] }
  send({
    id: 1,
    method: 'initialize',
    params: { clientInfo: { name: 'bare', version: '0', title: null }, capabilities },
  })
})
ws.on('message', (data) => {
  const { id, method, params, error } = JSON.parse(String(data))
  if (error) throw new Error(JSON.stringify(error))
  if (id === 1) {
    send({ method: 'initialized' })
    send({ id: 2, method: 'thread/resume', params: { threadId, excludeTurns: true } })
  } else if (id === 2)
    send({ id: 3, method: 'turn/start', params: { threadId, input: [{ type: 'text', text, text_elements: [] }] } })
  else if (method === 'item/agentMessage/delta') process.stdout.write(params.delta)
  else if (method === 'turn/completed') ws.terminate()
})
