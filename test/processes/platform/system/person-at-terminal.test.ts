import { spawn } from 'node:child_process'
import { expect } from 'chai'
import { linux } from '../../../../src/platform/system/linux.ts'
import { openTerminal, type TestTerminal } from '../../../support/peers/terminal.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('a person at a terminal', () => {
  let scratch: Scratch
  let terminal: TestTerminal | undefined
  beforeEach(() => {
    scratch = makeScratch()
  })
  afterEach(() => {
    terminal?.close()
    terminal = undefined
    scratch.remove()
  })

  const open = (...command: string[]) => {
    terminal = openTerminal({ home: scratch, command })
    return terminal
  }

  it('is one whose program reads a terminal key by key', async () => {
    const { shows, pid } = open('sh', '-c', 'stty -icanon -echo; echo ready; read -r line')
    await shows('ready')
    expect(await linux.isPersonAtTerminal(pid())).to.equal(true)
  })

  it('is not a program that leaves the terminal in line mode, as a script does', async () => {
    const { shows, pid } = open('sh', '-c', 'echo ready; read -r line')
    await shows('ready')
    expect(await linux.isPersonAtTerminal(pid())).to.equal(false)
  })

  it('is not a job in the background of a shell that does', async () => {
    const { shows, type, press } = open('bash', '--norc', '-i')
    await shows(/[$#] *$/m)
    type("sh -c 'echo pid=$$; exec sleep 60' &")
    press('Enter')
    const screen = await shows(/pid=\d+/)
    const job = Number(/pid=(\d+)/.exec(screen)?.[1])
    expect(await linux.isPersonAtTerminal(job)).to.equal(false)
    await eventually('the shell reads keys', () => linux.isPersonAtTerminal(terminal?.pid() ?? 0))
  })

  it('is nobody without a terminal, or without a process', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'pipe', detached: true })
    expect(await linux.isPersonAtTerminal(child.pid ?? 0)).to.equal(false)
    child.kill()
    expect(await linux.isPersonAtTerminal(0)).to.equal(false)
    expect(await linux.isPersonAtTerminal(2 ** 22 + 1)).to.equal(false)
  })
})
