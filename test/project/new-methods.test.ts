/** What a new method of Codex's breaks: the build, in the one table that has a row for each. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { compileWith } from '../support/compile-with.ts'

const root = path.join(import.meta.dirname, '../..')
const questionKinds = 'src/protocol/questions/question-kinds.ts'

/** The errors of a build in which the generated union has one member more. */
function errorsWithNew(union: string, member: string) {
  const head = `export type ${union} =`
  return compileWith({ [`generated/codex/${union}.ts`]: (text) => text.replace(head, `${head} ${member} |`) })
}

describe('A new method of Codex’s', function () {
  this.timeout(120_000)

  it('breaks the build at the table of questions alone, where it is a request', () => {
    const errors = errorsWithNew('ServerRequest', '{ method: "made/up", id: RequestId, params: { threadId: string } }')
    expect(errors.map(({ file }) => file)).to.deep.equal([questionKinds])
    expect(errors[0]?.text).to.include('made/up')
  })

  it('breaks the build at the table of notifications alone, where it is a notification', () => {
    const errors = errorsWithNew('ServerNotification', '{ method: "made/up", params: { threadId: string } }')
    expect(errors.map(({ file }) => file)).to.deep.equal(['src/protocol/notifications.ts'])
    expect(errors[0]?.text).to.include('made/up')
  })
})

describe('The methods of the requests of Codex’s', () => {
  it('are named in the table of questions alone', () => {
    const union = readFileSync(path.join(root, 'generated/codex/ServerRequest.ts'), 'utf8')
    const methods = [...union.matchAll(/"method": "(.+?)"/g)].map(([, method]) => method)
    const naming = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((file) => {
      const text = readFileSync(path.join(root, file), 'utf8')
      return methods.some((method) => text.includes(`'${method}'`))
    })
    expect(naming).to.deep.equal([questionKinds])
  })
})
