/** Every place of an approval and of an event in which somebody may put a character that does not show. */
import type { Approval } from '../../../src/protocol/approvals.ts'
import { command, prompt, type SampleOptions } from './sample-events.ts'

type Named<T> = readonly (readonly [what: string, place: T])[]

function approval(method: string, params: Approval['params'], item: Approval['item'] = null): Approval {
  return { approvalId: 'a1', threadId: 't1', turnId: null, askedAt: '', method, params, item }
}

export function approvalsWith(text: string): Named<Approval> {
  const run = 'item/commandExecution/requestApproval'
  const change = 'item/fileChange/requestApproval'
  const permit = 'item/permissions/requestApproval'
  const form = 'mcpServer/elicitation/request'
  const question = { id: 'q', header: 'Where', question: 'Where to?', options: null, isOther: false, isSecret: false }
  const changed = (path: string, diff: string, kind: object = { type: 'update' }) => ({
    type: 'fileChange',
    changes: [{ path, kind, diff }],
  })
  const schema = (field: object) => ({
    ...{ mode: 'form', serverName: 'desk', message: 'Which?' },
    requestedSchema: { type: 'object', properties: { name: { type: 'string', ...field } } },
  })
  const call = (more: object) => ({ ...schema({}), _meta: { codex_approval_kind: 'mcp_tool_call', ...more } })
  return [
    ['a command', approval(run, { command: text })],
    ['a wrapped command', approval(run, { command: `/bin/bash -lc '${text}'` })],
    ['a folder', approval(run, { command: 'ls', cwd: text })],
    ['a reason', approval(run, { command: 'ls', reason: text })],
    ['a member nobody knows', approval(run, { command: 'ls', [text]: text })],
    ['permissions', approval(run, { command: 'ls', additionalPermissions: { [text]: [text] } })],
    ['a path', approval(change, {}, changed(text, '@@ -1 +1 @@\n-a\n+b\n'))],
    ['a new path', approval(change, {}, changed('a', '', { type: 'update', move_path: text }))],
    ['a diff', approval(change, {}, changed('a', `@@ -1 +1 @@\n-a\n+${text}\n`))],
    ['a new file', approval(change, {}, changed('a', `${text}\n`, { type: 'add' }))],
    ['a root', approval(change, { grantRoot: text }, changed('a', ''))],
    ['a path to read', approval(permit, { permissions: { fileSystem: { read: [text], write: null } } })],
    ['a path to write', approval(permit, { permissions: { fileSystem: { read: null, write: [text] } } })],
    [
      'a path by entry',
      approval(permit, { permissions: { fileSystem: { entries: [{ access: 'write', path: { pattern: text } }] } } }),
    ],
    ['a permission nobody knows', approval(permit, { permissions: { network: { enabled: true, hosts: [text] } } })],
    ['a tool server', approval(form, { ...schema({}), serverName: text })],
    ['a message', approval(form, { ...schema({}), message: text })],
    ['an address', approval(form, { mode: 'url', serverName: 'desk', message: 'Open', url: text })],
    ['a field', approval(form, schema({ title: text }))],
    ['a description', approval(form, schema({ description: text }))],
    ['an option', approval(form, schema({ enum: [text] }))],
    ['a value', approval(form, schema({ default: text }))],
    ['a form nobody knows', approval(form, { ...schema({}), requestedSchema: { type: 'array', items: text } })],
    ['a tool', approval(form, call({ tool_description: text }))],
    ['a parameter', approval(form, call({ tool_params: { name: text } }))],
    ['a parameter’s name', approval(form, call({ tool_params: { [text]: { deep: text } } }))],
    ['a question', approval('item/tool/requestUserInput', { questions: [{ ...question, question: text }] })],
    ['a header', approval('item/tool/requestUserInput', { questions: [{ ...question, header: text }] })],
    [
      'an answer to choose',
      approval('item/tool/requestUserInput', {
        questions: [{ ...question, options: [{ label: text, description: text }] }],
      }),
    ],
    ['a kind nobody knows', approval(text, { some: text })],
  ]
}

type EventRow = readonly [what: string, method: string, params: object, options: SampleOptions]

/** Events whose readable form has the text. */
export function itemsWith(text: string): readonly EventRow[] {
  const item = (fields: object, what: string): EventRow => [
    what,
    'item/completed',
    { item: { id: 'i', ...fields } },
    {},
  ]
  const change = (fields: object) => ({
    ...{ type: 'fileChange', status: 'completed' },
    changes: [{ path: 'a', kind: { type: 'update' }, diff: '@@ -1 +1 @@\n-a\n+b\n', ...fields }],
  })
  const tool = { type: 'mcpToolCall', server: 'desk', tool: 'note', arguments: {}, status: 'completed', durationMs: 1 }
  const by = { label: text, kind: 'ui', pid: 7 }
  return [
    ['begun', 'item/started', command({ command: text }), {}],
    ['a command', 'item/completed', command({ command: text, exitCode: 0 }), {}],
    item(change({ path: text }), 'a path'),
    item(change({ kind: { type: 'update', move_path: text } }), 'a new path'),
    item(change({ diff: `@@ -1 +1 @@\n-a\n+${text}\n` }), 'a diff'),
    item({ ...tool, server: text }, 'a tool server'),
    item({ ...tool, tool: text }, 'a tool'),
    item({ type: 'webSearch', query: text }, 'a search'),
    item({ type: 'imageView', path: text }, 'an image'),
    ['a label', 'item/completed', prompt('hello'), { by }],
    ['a name', 'thread/name/updated', { threadName: text }, {}],
    ['a warning', 'warning', { message: text }, {}],
    ['an error', 'error', { error: { message: text } }, {}],
    ['an end', 'turn/completed', { turn: { status: 'failed', error: { message: text } } }, {}],
  ]
}
