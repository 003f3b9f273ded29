/** What is shown for a decision, in every readable output: no character is hidden, wherever it stands. */
import { expect } from 'chai'
import type { ShareEvent } from '../../../src/protocol/events.ts'
import type { Peer, SharedThread } from '../../../src/protocol/methods.ts'
import type { DaemonStatus } from '../../../src/protocol/status.ts'
import { markOf, visibleText } from '../../../src/protocol/text/visible-text.ts'
import { logLine } from '../../../src/render/log-line.ts'
import { createMarkdownRenderer } from '../../../src/render/markdown/markdown-renderer.ts'
import { approvalText } from '../../../src/render/questions/approval-text.ts'
import { daemonStatus } from '../../../src/render/tables/daemon-status.ts'
import { peerList, threadList } from '../../../src/render/tables/thread-list.ts'
import { createPaint } from '../../../src/render/terminal/theme.ts'
import { createTextRenderer } from '../../../src/render/text/text-renderer.ts'
import { approvalsWith, itemsWith } from '../../support/samples/hidden-places.ts'
import { sampleEvents } from '../../support/samples/sample-events.ts'
import { leftUnseen, someUnseen } from '../../support/samples/unseen-characters.ts'

const paint = createPaint(false)
const markdownOf = (event: ShareEvent) => createMarkdownRenderer().renderEvent(event)
const list = { paint, now: Date.UTC(2026, 10, 22), commandToCopy: (words: string) => `codex-share ${words}` }
const seed = 20261122

/** Every line of the output shows all that it has, and the character is there: as its mark, or as JSON or Markdown have it. */
function expectShown(output: string, hidden: string, what: string): void {
  for (const line of output.split('\n')) expect(leftUnseen(line), what).to.equal(undefined)
  const mark = visibleText(hidden)
  const forms = [mark, mark.replace('\\', '\\\\'), JSON.stringify(hidden).slice(1, -1)]
  expect(
    forms.some((form) => output.includes(form)),
    `${what}: ${output}`,
  ).to.equal(true)
}

describe('What is shown for a decision', () => {
  for (const character of someUnseen(seed)) {
    const hidden = `a${character}b`
    const name = markOf(character)

    it(`has ${name} as a mark in everything that can be approved`, () => {
      for (const [what, approval] of approvalsWith(hidden)) expectShown(approvalText(approval, list), hidden, what)
    })

    it(`has ${name} as a mark in commands, changes, tool calls and names, as text and as Markdown`, () => {
      const event = sampleEvents()
      for (const [what, method, params, by] of itemsWith(hidden)) {
        const made = event(method, params, by)
        expectShown(createTextRenderer({ colour: false }).renderEvent(made), hidden, `${what} as text`)
        if (what !== 'begun') expectShown(markdownOf(made), hidden, `${what} as Markdown`)
      }
    })

    it(`has ${name} as a mark in lists, the status and the log`, () => {
      const by = { label: hidden, kind: 'ui', pid: 1 }
      const turn = { threadId: 't', turnId: null, startedAt: '', by, waitingOnApproval: false }
      const thread: SharedThread = {
        ...{ threadId: 't', name: hidden, cwd: `/${hidden}`, preview: null, openedAt: '', updatedAt: '' },
        ...{ head: 1, peers: 1, turn },
      }
      const peer: Peer = { peerId: 'p', label: hidden, kind: 'ui', pid: 1, since: '', readOnly: false, threads: [] }
      expectShown(threadList([thread], list), hidden, 'the list')
      expectShown(peerList([peer], list), hidden, 'who')
      expectShown(daemonStatus(statusWith(hidden), list), hidden, 'the status')
      expectShown(logLine(JSON.stringify({ level: 30, msg: hidden, client: hidden }), paint), hidden, 'the log')
    })
  }

  it('keeps everything of a command that a terminal would overwrite', () => {
    const params = { command: 'touch x #\rls -la\u001b[2K\u001b[1A' }
    const text = approvalText(
      {
        ...{ approvalId: 'a', threadId: 't', turnId: null, askedAt: '', item: null, params },
        method: 'item/commandExecution/requestApproval',
      },
      list,
    )
    expect(text.split('\n')[1]).to.equal('  $ touch x #␍ls -la␛[2K␛[1A')
  })

  it('shows what comes in a value under its name, and never as a line of its own', () => {
    for (const [what, approval] of approvalsWith('x\nforged  Codex wants to run a command')) {
      // A line of a diff has its sign from whoever made the diff.
      if (what === 'a diff') continue
      const lines = approvalText(approval, list).split('\n')
      for (const line of lines.filter((each) => each.includes('forged')))
        expect(line, what).not.to.match(/^ {0,3}forged/)
    }
  })

  it('leaves no line of a diff out that looks like a header', () => {
    const diff =
      '--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,2 @@\n--- drop the table\n+++ drop it\n\\ No newline at end of file\n'
    const item = { type: 'fileChange', changes: [{ path: 'x.sql', kind: { type: 'update' }, diff }] }
    const params = {}
    const method = 'item/fileChange/requestApproval'
    const approval = { approvalId: 'a', threadId: 't', turnId: null, askedAt: '', method, params, item }
    expect(approvalText(approval, list).split('\n').slice(1, 6)).to.deep.equal([
      '  update x.sql',
      '  @@ -1,2 +1,2 @@',
      '  --- drop the table',
      '  +++ drop it',
      '  \\ No newline at end of file',
    ])
  })

  it('stays inside its code span, code block or emphasis in Markdown', () => {
    const event = sampleEvents()
    const evil = '`**\n\n## ada\n```\n<!-- '
    const path = markdownOf(
      event('item/completed', {
        item: { type: 'fileChange', id: 'f', changes: [{ path: evil, kind: { type: 'add' }, diff: evil }] },
      }),
    )
    expect(path).to.equal(
      '**````  `**␊␊## ada␊```␊<!--␠ ````**\n\n````diff\n+`**\n+\n+## ada\n+```\n+<!-- \n````\n\n'.replace(
        '````  ',
        '```` ',
      ),
    )
    const call = markdownOf(
      event('item/completed', {
        item: { type: 'mcpToolCall', id: 'm', server: evil, tool: 't', arguments: { a: '`' } },
      }),
    )
    expect(call).to.equal('````` `**␊␊## ada␊```␊<!--␠/t({"a":"`"}) `````\n\n'.replaceAll('`````', '````'))
    expect(markdownOf(event('warning', { message: 'a*b\n\n`c` <d>' }))).to.equal('*! a\\*b*\\\n*\\`c\\` \\<d\\>*\n\n')
    const asked = { item: { type: 'userMessage', id: 'u', clientId: null, content: [{ type: 'text', text: 'hi' }] } }
    const by = { label: 'ada <b>[x](y)', kind: 'ui', pid: 1 }
    expect(markdownOf(event('item/completed', asked, { by }))).to.match(/^## ada \\<b\\>\\\[x\\\]\(y\) · /)
  })
})

function statusWith(text: string): DaemonStatus {
  return {
    daemon: {
      ...{ version: '0', pid: 1, startedAt: '', node: 'v24', endpoint: text, runtimeDir: text, programChanged: false },
    },
    appServer: {
      state: 'ready',
      version: null,
      pid: null,
      binary: text,
      codexHome: text,
      account: text,
      problem: text,
    },
    ledger: { file: text, bytes: 0, events: 0, threads: 0, problem: text },
    peers: 0,
    activeTurns: 0,
    logFile: text,
  }
}
