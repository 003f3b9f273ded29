/** Answers that are cut: by a daemon that is killed in the middle, by a person, by a steering prompt; and questions that people answer. */
import { join } from 'node:path'
import { expect } from 'chai'
import { connectStockPeer } from '../../support/peers/stock-peer.ts'
import { type CommandSite, jsonLines, makeCommandSite } from '../../support/sites/command-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const whole = 'one two three four five six'
const hole = '… some of this text is missing'

describe('What is read of an answer that was cut', function () {
  this.timeout(60_000)
  let site: CommandSite

  before(async () => {
    site = await makeCommandSite({ approvalPolicy: 'on-request' })
  })

  after(() => site.close())

  const release = (name: string, ...words: number[]) => {
    for (const word of words) site.model.release(`${name} ${word}`)
  }

  const heard = (jsonText: string) =>
    jsonLines(jsonText)
      .map(({ method, params }) => (method === 'share/missed' ? '…' : ((params as { delta?: string })?.delta ?? '')))
      .join('')

  const read = async (thread: string, format: string) =>
    (await site.run('get', '-t', thread, '--from', '1', '--format', format)).stdout

  const occurrences = (text: string, part: string) => text.split(part).length - 1

  /** Two scripts wait for an answer; the daemon is killed behind `one two`, and misses `three four`. */
  async function missSome(name: string) {
    const thread = await site.share(name)
    const post = site.start(['post', '-t', thread, '-p', `count ${name}`, '--as', 'ada'])
    const tail = site.start(['tail', '-t', thread, '--from', '1', '--json'])
    release(name, 1)
    await eventually('the answer has begun', () => heard(tail.stdout()).endsWith('two '))
    const direct = await connectStockPeer(join(site.runtimeDir, 'app-server.sock'))
    await direct.call('thread/resume', { threadId: thread, excludeTurns: true })
    // It hears nothing more; the next one is only to come once Codex has told what is to be missed.
    const daemon = await site.daemonPid()
    process.kill(daemon, 'SIGSTOP')
    release(name, 2, 3)
    await direct.told('item/agentMessage/delta', { delta: 'four ' })
    direct.close()
    process.kill(daemon, 'SIGKILL')
    await eventually('the hole is recorded', () => heard(tail.stdout()).includes('…'))
    release(name, 4)
    await eventually('the answer goes on', () => heard(tail.stdout()).endsWith('…five '))
    return { thread, post, tail }
  }

  it('is the whole, once, in a pipe whose daemon was killed in the middle', async () => {
    const { thread, post, tail } = await missSome('whole')
    release('whole', 5)
    const { code, stdout } = await post.ended
    expect([code, occurrences(stdout, 'one two'), occurrences(stdout, whole)]).to.deep.equal([0, 1, 1])
    expect(stdout).not.to.include('missing')
    tail.child.kill('SIGKILL')
    for (const format of ['text', 'markdown']) {
      const text = await read(thread, format)
      expect([occurrences(text, 'one two'), occurrences(text, whole), occurrences(text, hole)]).to.deep.equal([1, 1, 0])
    }
  })

  it('has its hole for good once it is interrupted, and says by whom it was', async () => {
    const { thread, post, tail } = await missSome('cut')
    await site.run('interrupt', '-t', thread, '--as', 'ben')
    const { code, stdout } = await post.ended
    tail.child.kill('SIGKILL')
    const text = new RegExp(`codex .*\\none two \\n\\n${hole}\\n\\nfive \\n\\n■ interrupted by ben after .*\\n$`)
    expect(code).to.equal(8)
    expect(stdout).to.match(text)
    expect(await read(thread, 'text')).to.match(text)
    expect(await read(thread, 'markdown')).to.match(
      new RegExp(`\\none two \\n\\n\\*${hole}\\*\\n\\nfive \\n\\n\\*Turn interrupted by ben, .*\\*\\n\\n---\\n\\n$`),
    )
  })

  it('is there as far as it came in a pipe whose reader waits no longer', async () => {
    const thread = await site.share('left')
    const commands = [
      site.start(['tail', '-t', thread, '--from', '1']),
      site.start(['post', '-t', thread, '-p', 'midline left', '--as', 'ada']),
    ]
    const tail = site.start(['tail', '-t', thread, '--from', '1', '--json'])
    await eventually('the answer has begun', () => heard(tail.stdout()).endsWith('sentence'))
    tail.child.kill('SIGKILL')
    // It comes behind the pieces, and is written at once.
    await site.run('start', '-t', thread, '--name', 'renamed')
    for (const { child, stdout: soFar, ended } of commands) {
      await eventually('the pieces have come', () => soFar().includes('renamed'))
      child.kill('SIGINT')
      const { code, stdout } = await ended
      expect([code, occurrences(stdout, 'Half a sentence\n')]).to.deep.equal([130, 1])
    }
    await site.run('interrupt', '-t', thread)
  })

  it('is there when somebody steers the turn, with who did', async () => {
    const thread = await site.share('steered')
    const post = site.start(['post', '-t', thread, '-p', 'midline for-ever', '--as', 'ada'])
    const tail = site.start(['tail', '-t', thread, '--from', '1', '--json'])
    await eventually('the answer has begun', () => heard(tail.stdout()).endsWith('sentence'))
    await site.run('post', '-t', thread, '-p', 'quick', '--if-busy', 'steer', '--as', 'ben', '--no-wait')
    const { stdout } = await post.ended
    tail.child.kill('SIGKILL')
    const text = /Half a sentence\n\n■ cut short by ben\n\nben .*\nquick\n\ncodex .*\nYou said: quick\n/
    expect(stdout).to.match(text)
    expect(await read(thread, 'text')).to.match(text)
    expect(await read(thread, 'markdown')).to.match(
      /\n\nHalf a sentence\n\n\*■ cut short by ben\*\n\n## ben .*\n\n> quick\n\nYou said: quick\n/,
    )
  })

  it('says who answered what Codex asked, and who ended the turn with the answer', async () => {
    const thread = await site.share('asked')
    for (const [word, verb] of [
      ['approved', 'approve'],
      ['declined', 'deny'],
    ] as const) {
      const post = site.start(['post', '-t', thread, '-p', `ask echo ${verb}`])
      const approval = await eventually('Codex asks', () => /approve --thread \S+ (\S+)/.exec(post.stderr())?.[1])
      await site.run(verb, '-t', thread, approval, '--as', 'ben')
      const { stdout } = await post.ended
      expect(stdout, verb).to.match(new RegExp(`\\$ echo ${verb}\\n {2}${word} by ben\\n`))
      expect(await read(thread, 'text'), verb).to.match(new RegExp(`\\$ echo ${verb}\\n {2}${word} by ben\\n`))
      expect(await read(thread, 'markdown'), verb).to.include(`\`$ echo ${verb}\` *${word} by ben*\n\n`)
    }
    const post = site.start(['post', '-t', thread, '-p', 'ask echo cancel'])
    const approval = await eventually('Codex asks', () => /approve --thread \S+ (\S+)/.exec(post.stderr())?.[1])
    await site.run('deny', '-t', thread, approval, '--cancel', '--as', 'ben')
    expect((await post.ended).stdout).to.match(
      /declined, and the turn ended, by ben\n[\s\S]*■ interrupted by ben after/,
    )
  })
})
