/** The built program around its commands: help, version, unknown commands. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import pjson from '../../package.json' with { type: 'json' }

const program = path.join(import.meta.dirname, '../../bin/run.js')

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('The built program', () => {
  it('has bundles in ASCII, since they are read byte by byte', () => {
    for (const name of ['cli.cjs', 'daemon.cjs']) {
      const code = readFileSync(path.join(import.meta.dirname, '../../dist', name), 'latin1')
      expect(code.match(/.{0,60}[^\0-\x7f]+/g), name).to.equal(null)
    }
  })

  it('tells its version', () => {
    const stdout = `codex-share/${pjson.version} ${process.platform}-${process.arch} node-${process.version}\n`
    expect(run('--version')).to.deep.equal({ status: 0, stdout, stderr: '' })
  })

  it('shows its topics, and one way to complete', () => {
    const { status, stdout, stderr } = run('--help')
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
    expect(stdout).to.match(/^TOPICS\n[\s\S]*^ {2}share /m)
    expect(stdout).to.match(/^COMMANDS\n[\s\S]*^ {2}help [\s\S]*^ {2}shell-init /m)
    expect(stdout).not.to.include('autocomplete')
  })

  it('runs the commands of oclif’s own plugins', () => {
    const { status, stdout, stderr } = run('help', 'autocomplete')
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
    expect(stdout).to.match(/\$ codex-share autocomplete \[SHELL\]/)
  })

  it('takes the short form of a command', () => {
    const { status, stdout, stderr } = run('list', '--no-such-flag', '--json')
    expect({ status, stderr }).to.deep.equal({
      status: 2,
      stderr: 'Error: there is no flag --no-such-flag\nSee --help for the arguments.\n',
    })
    expect(JSON.parse(stdout).error.name).to.equal('usage')
  })

  it('ends with 2 for a command that it does not have, and says where to look', () => {
    const { status, stdout, stderr } = run('share', 'psot')
    expect({ status, stdout }).to.deep.equal({ status: 2, stdout: '' })
    expect(stderr).to.equal(
      'Error: there is no command “share psot”; did you mean “share post”?\nSee `codex-share --help` for all commands.\n',
    )
  })

  it('lists the short forms in its help, and shows them as they are typed', () => {
    const verbs = run('--help').stdout.match(
      /^ {2}(post|tail|get|start|stop|list|who|interrupt|approv\w+|deny|attach) /gm,
    )
    expect(verbs?.length).to.equal(12)
    expect(run('post', '-h').stdout).to.include('$ codex-share post -t THREAD')
    expect(run('share', 'post', '-h').stdout).to.include('$ codex-share share post -t THREAD')
  })
})
