/** What makes the real Codex ask everything that it can ask a person: by the words of a prompt, with a tool server. */
import { fileURLToPath } from 'node:url'
import type { ModelStep, ModelTurn } from '../../../src/demo/model-script.ts'
import type { SiteOptions } from './daemon-process.ts'

const toolServer = fileURLToPath(new URL('../../fixtures/tool-server.ts', import.meta.url))

/** The tool that asks for permissions is offered with a feature; the one that asks questions outside of planning with another. */
const tables = `
[features]
request_permissions_tool = true
default_mode_request_user_input = true

[mcp_servers.desk]
command = ${JSON.stringify(process.execPath)}
args = [${JSON.stringify(toolServer)}]
`

const questions = [
  {
    id: 'where',
    header: 'Where',
    question: 'Where shall it go?',
    options: [
      { label: 'staging', description: 'Nobody sees it.' },
      { label: 'production', description: 'Everybody does.' },
    ],
  },
  {
    id: 'when',
    header: 'When',
    question: 'And when?',
    options: [
      { label: 'now', description: 'At once.' },
      { label: 'later', description: 'In the evening.' },
    ],
  },
]

/**
 * `patch FILE` changes a file, `permit FOLDER` asks for write access and writes there, `question` asks one question, `questions` two,
 * `form` calls a tool that has a form filled in, `link` one that has an address opened, `note` and `notes` call one that may change something, once and twice, `lamp` calls a
 * tool of that name. What came of it is said.
 */
export function askingScript({ prompt, toolOutput }: ModelTurn): readonly ModelStep[] {
  const [verb = '', what = ''] = prompt.trim().split(/\s+/)
  if (toolOutput !== undefined && verb === 'permit' && toolOutput.includes('"write":['))
    return [{ run: `touch ${what}/proof && echo permitted` }]
  if (toolOutput !== undefined && verb === 'notes' && !toolOutput.includes('the second'))
    return [{ call: 'note', namespace: 'mcp__desk', with: { text: 'the second' } }]
  if (toolOutput !== undefined) return [{ say: `It said: ${toolOutput.replaceAll('\\"', '"')}` }]
  switch (verb) {
    case 'patch':
      return [
        {
          run: `apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: ${what}\n+first line\n+second line\n*** End Patch\nEOF`,
        },
      ]
    case 'permit':
      return [
        {
          call: 'request_permissions',
          with: { reason: 'for the report', permissions: { file_system: { write: [what] } } },
        },
      ]
    case 'question':
      return [{ call: 'request_user_input', with: { questions: questions.slice(0, 1) } }]
    case 'questions':
      return [{ call: 'request_user_input', with: { questions } }]
    case 'form':
    case 'link':
      return [{ call: verb, namespace: 'mcp__desk', with: {} }]
    case 'note':
    case 'notes':
      return [{ call: 'note', namespace: 'mcp__desk', with: { text: 'the first' } }]
    case 'lamp':
      return [{ call: 'lamp', with: {} }]
    default:
      return [{ say: `You said: ${prompt}` }]
  }
}

export const askingSite: SiteOptions = { approvalPolicy: 'on-request', script: askingScript, tables }
