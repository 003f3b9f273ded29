/** The texts that commands show in the transcript: help, about sharing, who is there. */
import { serverFlag } from '../../client/connection/endpoint.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { age } from '../../render/terminal/clock.ts'
import { slashCommands } from '../input/slash-commands.ts'
import type { UiContext } from './ui-context.ts'

export function showHelp({ store }: UiContext): void {
  const commands = slashCommands.map(({ name, about }) => `${name.padEnd(11)} ${about}`)
  const keys = [
    'Enter send · Alt+Enter, Ctrl+J or \\ Enter new line · ↑↓ history · Ctrl+G write in $EDITOR',
    'Esc twice interrupts the running turn, once gives up waiting · Tab completes a command, or goes to an approval',
    'Ctrl+C puts the draft away (↑ brings it back), twice leaves',
  ]
  store.dispatch({ type: 'say', blocks: [{ kind: 'page', title: 'Help', lines: [...commands, '', ...keys] }] })
}

export function showAboutSharing({ store, endpoint }: UiContext): void {
  const server = serverFlag(endpoint)
  const { mode, threadId } = store.state.session
  const thread = mode === 'SHARED' && threadId ? threadId : '<thread_id>'
  const lines = [
    'A shared session is one live Codex thread: every terminal on it sees the same events, and scripts can post into it.',
    'It lives in a background daemon of yours, on a Unix socket: nothing listens on a network.',
    '',
    `codex share post --thread ${thread} --prompt "..."${server}`,
    `codex share tail --thread ${thread} [--from <event_id|timestamp>]${server}`,
    `codex share get  --thread ${thread} [--from <event_id|timestamp>] [--limit N]${server}`,
    'Write codex-share for “codex share” where your shell does not have it from `codex-share shell-init`.',
    '',
    'One turn runs at a time: a prompt that comes meanwhile is refused as busy, never merged or queued in secret.',
    'Start hands this session over, Join goes into another, Stop goes on privately in a copy; the thread stays for the others.',
    ...(mode === 'SHARED' ? [] : ['This session is LOCAL: start sharing to get its own lines here.']),
  ]
  store.dispatch({ type: 'say', blocks: [{ kind: 'page', title: 'About sharing', lines }] })
}

export function showWho({ store }: UiContext): void {
  const { mode, peers } = store.state.session
  const lines =
    mode === 'LOCAL'
      ? ['This session is LOCAL: only you are here.']
      : peers.map(({ label, kind, pid, readOnly, rights, since }) =>
          [
            visibleLine(label),
            visibleLine(kind),
            pid === process.pid ? 'you' : `pid ${pid ?? '–'}`,
            readOnly ? 'read-only' : rights === 'post' ? 'may post' : '',
            age(since, Date.now()),
          ]
            .filter(Boolean)
            .join(' · '),
        )
  store.dispatch({ type: 'say', blocks: [{ kind: 'page', title: 'Who is here', lines }] })
}

/** What stays on the screen below the conversation: how to come back to it. */
export function farewellText({ current, endpoint }: UiContext): string {
  const server = serverFlag(endpoint)
  if (current?.mode === 'SHARED') return `– the session stays shared: \`codex-share${server}\` comes back to it`
  if (current?.isStored) return `– the thread is kept: \`codex-share --local${server}\` goes on with it`
  return `– nothing was said here: \`codex-share${server}\` starts again`
}
