/** The `share` commands as built, on the real app-server. */
import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { type CommandSite, jsonLines, makeCommandSite } from '../../support/sites/command-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const unknownThread = '019a0000-0000-7000-8000-000000000000'

describe('The share commands', function () {
  this.timeout(60_000)
  let site: CommandSite
  let threadId: string
  before(async () => {
    site = await makeCommandSite()
    threadId = await site.share('release')
  })
  after(() => site.close())

  /** Waits until a turn runs on the thread. */
  const running = (thread: string) =>
    eventually('the turn runs', async () => {
      const threads = (await site.json('list')) as unknown as {
        threadId: string
        turn: { turnId: string | null } | null
      }[]
      return threads.find(({ threadId: id }) => id === thread)?.turn?.turnId
    })

  it('start tells where to post and to tail, and `start` again changes nothing', async () => {
    const { stdout, code } = await site.run('start', '--thread', threadId)
    expect({ stdout, code }).to.deep.equal({
      code: 0,
      stdout: [
        'Already shared: “release”',
        `  ${threadId}`,
        `  post:  codex-share post --thread ${threadId} --prompt "…"`,
        `  tail:  codex-share tail --thread ${threadId}`,
        '',
      ].join('\n'),
    })
    expect(await site.json('start', '--thread', 'release')).to.deep.equal({
      threadId,
      name: 'release',
      endpoint: `unix://${site.socket}`,
    })
  })

  it('start says what a thread was called that it names anew', async () => {
    const thread = await site.share('old name')
    const rename = () => site.run('start', '--thread', thread, '--name', 'new name')
    expect((await rename()).stdout).to.match(/^Already shared: “new name”, renamed from “old name”\n/)
    expect((await rename()).stdout).to.match(/^Already shared: “new name”\n/)
    expect(await site.json('start', '--thread', thread, '--name', 'third name')).to.deep.include({
      name: 'third name',
      renamedFrom: 'new name',
    })
  })

  it('post shows the answer as it comes and ends with 0', async () => {
    const { code, stdout, stderr } = await site.run('post', '-t', threadId, '-p', 'hello', '--as', 'ada')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    const body = stdout
      .replace(/^! Model metadata.*\n\n/, '')
      .replace(/\d\d:\d\d:\d\d/, 'hh:mm:ss')
      .replace(/in .*\n$/, 'in …\n')
    expect(body).to.equal('codex  hh:mm:ss\nYou said: hello\n\n✔ completed in …\n')
  })

  it('post --json prints one event a line and last the outcome', async () => {
    const { code, stdout } = await site.run('post', '-t', 'last', '-p', 'hello', '--json', '--request-id', 'r-1')
    const lines = jsonLines(stdout)
    const { turnId, ...outcome } = lines.at(-1) ?? {}
    expect({ code, outcome }).to.deep.equal({
      code: 0,
      outcome: { threadId, status: 'completed', duplicate: false, requestId: 'r-1' },
    })
    const events = lines.slice(0, -1)
    expect(events.at(-1)).to.include({ threadId, turnId, method: 'turn/completed' })
    const ids = events.map(({ id }) => Number(id))
    expect(ids).to.deep.equal(ids.toSorted((a, b) => a - b))
  })

  it('post with a request id that was used shows that turn again, and refuses another prompt with 9', async () => {
    const first = jsonLines(
      (await site.run('post', '-t', threadId, '-p', 'once', '--request-id', 'r-2', '--json')).stdout,
    )
    const again = jsonLines(
      (await site.run('post', '-t', threadId, '-p', 'once', '--request-id', 'r-2', '--json')).stdout,
    )
    expect(again.at(-1)).to.deep.equal({ ...first.at(-1), duplicate: true })
    const other = await site.run('post', '-t', threadId, '-p', 'twice', '--request-id', 'r-2')
    expect(other.code).to.equal(9)
    expect(other.stderr).to.match(/^Error: the request id r-2 was used for another prompt\nUse another --request-id/)
  })

  it('post reads the prompt from standard input, up to 1 MiB', async () => {
    const { ended } = site.start(['post', '-t', threadId, '-p', '-', '--json'], {
      input: `${'x'.repeat(1024 * 1024 - 1)}\n`,
    })
    const { code, stdout } = await ended
    expect(code).to.equal(0)
    expect(stdout.length).to.be.above(1024 * 1024)
    const tooLong = await site.start(['post', '-t', threadId, '-p', '-'], { input: 'x'.repeat(1024 * 1024 + 1) }).ended
    expect(tooLong.code).to.equal(2)
    expect(tooLong.stderr).to.match(/^Error: the prompt is longer than 1 MiB\n/)
  })

  it('post refuses a second prompt with 3, waits, or steers, as it is told', async () => {
    const thread = await site.share('busy')
    const first = site.start(['post', '-t', thread, '-p', 'hold busy', '--as', 'ada'])
    await eventually('the answer has begun', () => first.stdout().includes('Before the hold.'))
    const late = site.start(['post', '-t', thread, '-p', 'late', '--if-busy', 'wait', '--timeout', '4s'])
    const refused = await site.run('post', '-t', thread, '-p', 'second', '--json')
    expect(refused.code).to.equal(3)
    const { error } = JSON.parse(refused.stdout) as { error: Record<string, unknown> }
    expect(error).to.deep.include({ name: 'busy', threadId: thread, waitingOnApproval: false })
    expect(error.by).to.include({ label: 'ada', kind: 'script', pid: first.child.pid })
    expect(refused.stderr).to.match(
      /^Error: a turn has been running since \S+ by ada\nWait for the turn to end \(--if-busy wait\)/,
    )

    const stopped = await site.run('stop', '-t', thread)
    expect([stopped.code, stopped.stderr.split('\n')[1]]).to.deep.equal([
      3,
      'Wait for the turn to end, or end it with `codex-share interrupt`.',
    ])

    const { code: gaveUp, stderr: told } = await late.ended
    expect(gaveUp).to.equal(10)
    expect(told).to.match(
      /^a turn by ada is running since \d\d:\d\d:\d\d; waiting for it to end…\nError: gave up after 4\.0 s\n/,
    )

    const waiting = site.start(['post', '-t', thread, '-p', 'third', '--if-busy', 'wait'])
    await eventually('it waits', () => waiting.stderr().includes('waiting for it to end…'))
    const steering = site.start(['post', '-t', thread, '-p', 'quick', '--if-busy', 'steer', '--no-wait', '--json'])
    const steered = await steering.ended
    expect(steered.code).to.equal(0)
    site.model.release('busy')
    expect((await first.ended).code).to.equal(0)
    const third = await waiting.ended
    expect(third.code).to.equal(0)
    expect(third.stdout).to.include('You said: third')
    expect((await site.run('get', '-t', thread)).stdout).to.match(/ada .*\nhold busy\n[\s\S]*\nquick\n[\s\S]*\nthird\n/)
  })

  it('post --no-wait returns once the turn runs, and interrupt ends it: 8 for those who wait', async () => {
    const thread = await site.share('interrupted')
    const { code, stdout } = await site.run('post', '-t', thread, '-p', 'hold for-ever', '--no-wait', '--json')
    const { turnId, status } = jsonLines(stdout)[0] ?? {}
    expect([code, status]).to.deep.equal([0, 'inProgress'])
    expect(await running(thread)).to.equal(turnId)
    const follower = site.start(['tail', '-t', thread, '--from', '1', '--until-idle'])
    expect(await site.json('interrupt', '-t', thread)).to.deep.equal({
      threadId: thread,
      turnId,
      status: 'interrupted',
    })
    expect((await follower.ended).stdout).to.match(/■ interrupted by \S+ after /)

    const waiting = site.start(['post', '-t', thread, '-p', 'hold for-ever'])
    await running(thread)
    await site.run('interrupt', '-t', thread)
    const { code: interrupted, stderr } = await waiting.ended
    expect(interrupted).to.equal(8)
    expect(stderr).to.match(/^Error: the turn was interrupted\n/)
    expect((await site.run('interrupt', '-t', thread)).stderr).to.equal('No turn is running.\n')
  })

  it('post ends with 7 when the turn fails, and says why', async () => {
    const { code, stdout, stderr } = await site.run('post', '-t', threadId, '-p', 'fail', '--json')
    const { status, reason } = jsonLines(stdout).at(-1) ?? {}
    expect([code, status]).to.deep.equal([7, 'failed'])
    expect(stderr).to.include(`Error: the turn failed: ${String(reason)}`)
    const text = await site.run('post', '-t', threadId, '-p', 'fail')
    expect(`${text.stdout}${text.stderr}`.split(String(reason)).length - 1).to.equal(1)
  })

  it('post that is stopped with Ctrl-C just leaves when nobody can be asked: 130, and the turn goes on', async () => {
    const thread = await site.share('left')
    const post = site.start(['post', '-t', thread, '-p', 'hold left'])
    await eventually('the answer has begun', () => post.stdout().includes('Before the hold.'))
    post.child.kill('SIGINT')
    const { code, stderr } = await post.ended
    expect(code).to.equal(130)
    expect(stderr).to.match(/^Error: stopped watching; turn \S+ goes on: codex-share tail --thread /)
    expect(await running(thread)).to.be.a('string')
    site.model.release('left')
  })

  it('get reads back by id, by time, and the newest', async () => {
    const thread = await site.share('read')
    await site.run('post', '-t', thread, '-p', 'hello')
    const ids = async (...args: string[]) => {
      const { events, next } = await site.json('get', '-t', thread, ...args)
      return { ids: (events as { id: number }[]).map(({ id }) => id), next }
    }
    const all = await ids('--from', '1', '--limit', '10000')
    expect(all.next).to.equal(null)
    const third = all.ids[2] ?? 0
    expect(await ids('--from', String(third), '--limit', '2')).to.deep.equal({
      ids: all.ids.slice(2, 4),
      next: all.ids[3],
    })
    expect(await ids('--after', String(third), '--limit', '2')).to.deep.equal({
      ids: all.ids.slice(3, 5),
      next: all.ids[4],
    })
    expect(await ids('--limit', '3')).to.deep.equal({ ids: all.ids.slice(-3), next: null })
    expect(await ids('--from', '1h', '--limit', '10000')).to.deep.equal(all)
    expect((await ids('--from', '@4102444800')).ids).to.deep.equal([])
    expect((await site.run('get', '-t', 'read', '--from', '1', '-n', '4')).stderr).to.equal(
      `There is more: codex-share get --thread read --after ${all.ids[3]} --limit 4\n`,
    )
    expect((await site.run('get', '-t', thread, '--format', 'markdown')).stdout).to.include('> hello\n')
  })

  it('tail follows live, in the very order and words of get', async () => {
    const thread = await site.share('tailed')
    const tail = site.start(['tail', '-t', thread, '--json'])
    const text = site.start(['tail', '-t', 'tailed', '--as', 'eve'])
    const who = async () => (await site.json('who', '-t', thread)) as unknown as { label: string }[]
    await eventually('both follow', async () => (await who()).length === 2)
    expect((await who()).map(({ label }) => label)).to.include('eve')
    await site.run('post', '-t', thread, '-p', 'run echo seen', '--as', 'ada')
    await eventually(
      'the turn is over',
      () => text.stdout().includes('✔ completed') && tail.stdout().includes('turn/completed'),
    )
    const kept = (await site.json('get', '-t', thread, '--from', '1', '-n', '5000')).events as { id: number }[]
    // Codex tells more behind the end of a turn.
    const newest = `{"id":${kept.at(-1)?.id},`
    await eventually('the tail has all that was kept', () => tail.stdout().includes(newest))
    const seen = jsonLines(tail.stdout())
    const live = kept.filter(({ id }) => id >= Number(seen[0]?.id))
    expect(live.length).to.be.above(5)
    expect(seen.filter(({ id }) => live.some((event) => event.id === id))).to.deep.equal(live)
    expect(text.stdout()).to.match(
      /ada {2}[\d:]+\nrun echo seen\n\ncodex {2}[\d:]+\n\$ echo seen\n[\s\S]*seen\n {2}exit 0[\s\S]*The command has run\./,
    )
    for (const { child } of [tail, text]) child.kill('SIGINT')
    expect([(await tail.ended).code, (await text.ended).code]).to.deep.equal([130, 130])
  })

  it('tail --until-idle shows what there is and leaves', async () => {
    const { code, stdout } = await site.run('tail', '-t', 'tailed', '--from', '1', '--until-idle')
    expect(code).to.equal(0)
    expect(stdout).to.match(/✔ completed in .*\n$/)
  })

  it('stop ends the sharing: followers are told, and what was recorded stays', async () => {
    const tail = site.start(['tail', '-t', 'tailed'])
    await eventually(
      'it follows',
      async () => ((await site.json('who', '-t', 'tailed')) as unknown as object[]).length === 1,
    )
    const { stdout } = await site.run('stop', '-t', 'tailed')
    expect(stdout).to.match(/^No longer shared: \S+\n$/)
    const { code, stderr } = await tail.ended
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: 'The thread is no longer shared.\n' })
  })

  it('a thread that Codex has and nobody shares is opened by the first command that names it, which says so', async () => {
    const peer = await site.connect()
    const { thread } = await peer.call('thread/start', { cwd: site.dir })
    const { id } = thread as { id: string }
    await peer.call('thread/name/set', { threadId: id, name: 'private' })
    const { code, stderr } = await site.run('get', '-t', id, '--json')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: `opened thread ${id} for sharing\n` })
  })

  it('a thread whose sharing was stopped is read as it is, and shared again by a post', async () => {
    const thread = await site.share('stopped one')
    await site.run('post', '-t', thread, '-p', 'before the stop')
    await site.run('stop', '-t', thread)
    const said = `thread ${thread} is no longer shared: what was recorded until then can be read; a post shares it again\n`
    const get = await site.run('get', '-t', 'stopped one')
    expect([get.stderr, get.stdout.includes('You said: before the stop')]).to.deep.equal([said, true])
    const tail = await site.run('tail', '-t', thread.slice(0, 18), '--from', '1')
    expect([tail.code, tail.stderr]).to.deep.equal([0, `${said}The thread is no longer shared.\n`])
    expect(tail.stdout).to.include('You said: before the stop')
    expect((await site.run('interrupt', '-t', thread)).stderr).to.equal(`${said}No turn is running.\n`)
    expect((await site.run('who', '-t', thread)).stderr).to.equal(`${said}Nobody else is connected.\n`)
    expect((await site.run('list')).stdout).to.not.include('stopped one')
    const post = await site.run('post', '-t', thread, '-p', 'after it')
    expect([post.code, post.stderr]).to.deep.equal([0, `opened thread ${thread} for sharing\n`])
    expect((await site.run('list')).stdout).to.include('stopped one')
  })

  it('every command that names a thread ends with 4 for one that is not there', async () => {
    const commands = [['post', '-p', 'x'], ['tail'], ['get'], ['stop'], ['interrupt'], ['who'], ['start']]
    for (const thread of [unknownThread, 'no-such-thread'])
      for (const [name = '', ...more] of commands) {
        const { code, stderr } = await site.run(name, '--thread', thread, ...more)
        const unknown = name === 'stop' ? `thread ${thread} is not shared` : `Codex has no thread ${thread}`
        const unnamed = `no ${name === 'stop' ? 'shared ' : ''}thread has the id or name "${thread}"`
        const message = thread === unknownThread ? unknown : unnamed
        expect({ name, code, stderr: stderr.split('\n')[0] }).to.deep.equal({
          name,
          code: 4,
          stderr: `Error: ${message}`,
        })
      }
    expect((await site.run('tail', '-t', threadId, '--after', '999999')).code).to.equal(4)
  })

  it('wrong usage ends with 2 and says what is right', async () => {
    const wrong = [
      ['post', '-t', threadId],
      ['post', '-t', threadId, '-p', ' '],
      ['post', '-t', threadId, '-p', 'x', '--timeout', 'soon'],
      ['post', '-t', threadId, '-p', 'x', '--if-busy', 'maybe'],
      ['tail', '-t', threadId, '--from', 'yesterday'],
      ['get', '-t', threadId, '--from', '1', '--after', '1'],
      ['get', '-t', threadId, '--limit', '0'],
      ['list', '--server', 'http://localhost'],
      ['list', '--as', ' '],
      ['list', '--no-such-flag'],
    ]
    for (const args of wrong) {
      const { code, stderr } = await site.run(...args)
      expect([args.join(' '), code, stderr.slice(0, 7)]).to.deep.equal([args.join(' '), 2, 'Error: '])
    }
  })

  it('what cannot be meant is refused before anything is asked of the daemon', async () => {
    const missing = join(site.dir, 'nowhere')
    const rule = 'a name is one line of 1 to 100 visible characters'
    const wrong = [
      [['post', '-t', 'x', '-p', 'y', '--request-id', ''], '--request-id takes 1 to 200 characters'],
      [['post', '-t', 'x', '-p', 'y', '--request-id', 'i'.repeat(201)], '--request-id takes 1 to 200 characters'],
      [['post', '-t', 'x'], 'there is no --prompt'],
      [['start', '--name', ''], `${rule}: it is empty`],
      [['start', '--name', 'x'.repeat(101)], `${rule}: it has 101 characters`],
      [['start', '--name', 'two\nlines'], `${rule}: it has the character U+000A`],
      [['start', '--name', 'last'], '`last` cannot be a name: it means the thread used last'],
      [['attach', 'x'], 'the stock Codex UI needs a terminal'],
      [['attach', '--json'], 'there is no flag --json'],
      [['list', 'extra'], 'unexpected argument “extra”'],
      [['daemon', 'status', 'extra'], 'unexpected argument “extra”'],
      [['approve', 'a', 'b'], 'unexpected argument “b”'],
      [['help', 'list', 'extra'], 'unexpected argument “extra”'],
      [['shell-init'], 'SHELL is missing: (bash|zsh|fish) The shell.'],
      [['help', 'nope'], 'there is no command “nope”'],
      [['daemon', 'bogus'], 'there is no command “daemon bogus”'],
      [['get', '-t', 'x', '--limit', 'abc'], '--limit takes a whole number: got “abc”'],
      [['get', '-t', 'x', '--limit', '0'], '--limit takes a whole number of at least 1: got “0”'],
      [['get', '-t', 'x', '--from', '1', '--after', '1'], '--after and --from cannot be given together'],
      [['post', '-t', 'x', '-p', 'y', '--if-busy', 'no'], '--if-busy takes reject, wait, steer: got “no”'],
      [['tail'], '--thread is missing'],
      [['tail', '--thread'], '--thread takes a value'],
      [['start', '--cwd', missing], `--cwd: there is no folder ${missing}`],
    ] as const
    for (const [args, message] of wrong) {
      const { code, stderr } = await site.run(...args)
      expect([code, stderr.split('\n')[0]]).to.deep.equal([2, `Error: ${message}`])
    }
  })

  it('post that gives up says how not to post twice', async () => {
    const thread = await site.share('given-up')
    const args = ['post', '-t', thread, '-p', 'hold given-up', '--timeout', '5s', '--request-id', 'g-1']
    const { code, stderr } = await site.run(...args)
    expect(code).to.equal(10)
    expect(stderr).to.match(
      /^Error: gave up after 5(\.0)? s; turn \S+ goes on: codex-share tail --thread \S+\nFollow it with tail, and do not post it again; the same command with --request-id g-1 never runs it twice\.\n$/,
    )
    site.model.release('given-up')
  })

  it('gives up in time on a daemon that hangs: 10, in the words of the user', async () => {
    const thread = await site.share('hanging')
    const pid = await site.daemonPid()
    process.kill(pid, 'SIGSTOP')
    try {
      const post = await site.run('post', '-t', thread, '-p', 'x', '--timeout', '1s')
      expect([post.code, post.stderr.split('\n')[0]]).to.deep.equal([10, 'Error: gave up after 1.0 s'])
      const interrupt = await site.run('interrupt', '-t', thread, '--timeout', '1s')
      expect(interrupt).to.deep.include({ code: 10, stdout: '' })
      expect(interrupt.stderr).to.match(/^Error: the turn has not ended within 1\.0 s\n/)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  })

  it('a result that cannot be written is a failure, told in one line', async function () {
    if (process.platform !== 'linux') this.skip()
    const words = [process.execPath, join(import.meta.dirname, '../../../bin/run.js')]
    for (const args of [['list'], ['list', '--json'], ['get', '-t', threadId, '--json'], ['--help']]) {
      const shell = ['-c', '"$@" > /dev/full', 'sh', ...words, ...args]
      const { status, stderr } = spawnSync('sh', shell, { env: site.env, encoding: 'utf8' })
      expect([status, stderr]).to.deep.equal([1, 'Error: the output cannot be written: no space left on device\n'])
    }
  })

  it('what has nothing to show says so, away from the result', async () => {
    const thread = await site.share('empty')
    const later = ['--thread', thread, '--from', '2099-01-01T00:00:00Z']
    for (const args of [
      ['get', ...later],
      ['tail', ...later, '--until-idle'],
    ])
      expect(await site.run(...args)).to.deep.equal({ code: 0, stdout: '', stderr: 'no events\n' })
  })

  it('events that nobody could read are told of, away from the result', async () => {
    const thread = await site.share('unreadable')
    await site.run('post', '-t', thread, '-p', 'hello')
    const { events } = await site.json('get', '-t', thread)
    const { id } = (events as { id: number; method: string }[]).find(({ method }) => method === 'turn/started') ?? {}
    const only = ['-t', thread, '--after', String(Number(id) - 1), '--limit', '1']
    const told = 'no events that have a readable form (--json shows them)'
    for (const format of ['text', 'markdown']) {
      const { stdout, stderr } = await site.run('get', ...only, '--format', format)
      expect([stdout, stderr.split('\n')[0]]).to.deep.equal(['', told])
    }
  })

  it('tail leaves as soon as its reader has gone, and not with the next event', async () => {
    const thread = await site.share('piped')
    await site.run('post', '-t', thread, '-p', 'hello')
    const shell = `"$1" "$2" tail -t ${thread} --from 1 --json | head -n 1`
    const words = ['-c', shell, 'sh', process.execPath, join(import.meta.dirname, '../../../bin/run.js')]
    const { stdout } = await promisify(execFile)('sh', words, { env: site.env, timeout: 20_000 })
    expect(jsonLines(stdout).length).to.equal(1)
  })

  it('ends quietly when nobody reads on', async () => {
    const tail = site.start(['tail', '-t', threadId, '--from', '1'])
    await eventually('it writes', () => tail.stdout() !== '')
    tail.child.stdout?.destroy()
    await site.run('post', '-t', threadId, '-p', 'hello')
    expect((await tail.ended).stderr).to.equal('')
  })
})
