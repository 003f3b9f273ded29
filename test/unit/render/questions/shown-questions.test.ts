/** How each kind of question is called, in a list and as a title. */
import { expect } from 'chai'
import { shownQuestion } from '../../../../src/render/questions/shown-questions.ts'

const call = { _meta: { codex_approval_kind: 'mcp_tool_call' } }
const wordsOf = (method: string, params = {}) => shownQuestion({ method }).words({ method, params, item: null })

describe('A question of Codex’s', () => {
  it('has words of its own, and its method where it is not known', () => {
    const words = [
      wordsOf('item/commandExecution/requestApproval'),
      wordsOf('item/fileChange/requestApproval'),
      wordsOf('item/permissions/requestApproval'),
      wordsOf('item/tool/requestUserInput'),
      wordsOf('mcpServer/elicitation/request'),
      wordsOf('mcpServer/elicitation/request', call),
      wordsOf('item/tool/call'),
      wordsOf('item/hologram\nrequest'),
      wordsOf('toString'),
    ]
    expect(words.map(({ wish, title }) => `${wish} | ${title}`)).to.deep.equal([
      'run a command | Codex wants to run a command',
      'change files | Codex wants to change files',
      'have permissions | Codex asks for more permissions',
      'know something from you | Codex has a question',
      'have a tool server ask you | A tool server has a question',
      'call a tool of a server | Codex wants to call a tool',
      'call a tool of its client | Codex wants to call a tool of its client',
      'item/hologram␊request | Codex asks: item/hologram␊request',
      'toString | Codex asks: toString',
    ])
  })
})
