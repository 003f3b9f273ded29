/** A process that can wait for nothing any more, as a real one. */
import { execFile } from 'node:child_process'
import { expect } from 'chai'

describe('A process with nothing left to wait for', () => {
  const outcome = (work: string) =>
    new Promise((resolve) => {
      const script = `
        import { failWhenUnfinished } from './src/cli/unfinished.ts'
        const finished = failWhenUnfinished((error) => process.exit(error.exitCode + 40))
        void (async () => { ${work}; finished() })()`
      execFile(process.execPath, ['--input-type=module', '--eval', script], (error) => resolve(error?.code ?? 0))
    })

  it('has failed where its work was not done', async () => {
    expect(await outcome('await new Promise(() => {})')).to.equal(41)
  })

  it('has not where it was', async () => {
    expect(await outcome('await undefined')).to.equal(0)
  })
})
