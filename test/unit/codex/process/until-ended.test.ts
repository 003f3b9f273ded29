/** The words for how a child ended. */
import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { expect } from 'chai'
import { untilEnded } from '../../../../src/codex/process/until-ended.ts'

describe('The end of a child process', () => {
  const cases: readonly { readonly emits: readonly [string, ...unknown[]]; readonly words: string }[] = [
    { emits: ['exit', 3, null], words: 'exited with code 3' },
    { emits: ['exit', null, 'SIGKILL'], words: 'was ended by SIGKILL' },
    { emits: ['error', new Error('spawn ENOENT')], words: 'could not be run (spawn ENOENT)' },
  ]
  for (const { emits, words } of cases)
    it(`is told apart: ${words}`, async () => {
      const child = new EventEmitter()
      const ended = untilEnded(child as ChildProcess)
      child.emit(...emits)
      expect(await ended).to.equal(words)
    })
})
