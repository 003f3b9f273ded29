/** Stages that are opened one after the other, and closed in reverse. */
import { expect } from 'chai'
import { CloseStack, type DaemonEnd, openStage, type Stage } from '../../../../src/daemon/start/close-stack.ts'

const end: DaemonEnd = { appServer: true }

describe('Stages of the start', () => {
  let steps: string[]
  beforeEach(() => {
    steps = []
  })

  const part = (name: string, fails = false) => {
    steps.push(`open ${name}`)
    return {
      name,
      close: async ({ appServer }: DaemonEnd) => {
        steps.push(`close ${name}${appServer ? ' and the app-server' : ''}`)
        if (fails) throw new Error(`${name} does not close`)
      },
    }
  }
  /** A stage of these parts; one that is called `broken` cannot be opened. */
  const stage = (...names: string[]): Promise<Stage<string[]>> =>
    openStage((stack) =>
      names.map((name) => {
        if (name === 'broken') throw new Error('it does not open')
        return stack.use(part(name)).name
      }),
    )

  it('are closed in reverse, each with whether the app-server ends too', async () => {
    const daemon = await openStage(async (stages) => {
      expect(stages.open(await stage('a', 'b'))).to.deep.equal(['a', 'b'])
      stages.open(await stage('c'))
    })
    steps = []
    await daemon.close(end)
    expect(steps).to.deep.equal(['c', 'b', 'a'].map((name) => `close ${name} and the app-server`))
  })

  it('are closed once, however often and by whom', async () => {
    const inner = await stage('a')
    const stack = new CloseStack()
    stack.use(inner)
    stack.open(await stage('b'))
    stack.use(inner)
    steps = []
    await Promise.all([stack.close(end), stack.close(end)])
    await stack.close(end)
    await inner.close(end)
    expect(steps).to.deep.equal(['close a and the app-server', 'close b and the app-server'])
  })

  for (const [where, opens] of [
    ['in a later stage', [['a', 'b'], ['c'], ['broken']]],
    [
      'within its own stage',
      [
        ['a', 'b'],
        ['c', 'broken'],
      ],
    ],
  ] as const)
    it(`close those before one that cannot be opened, ${where}, in reverse and once; the app-server stays`, async () => {
      const opening = openStage(async (stages) => {
        for (const names of opens) stages.open(await stage(...names))
      })
      expect(await opening.catch(({ message }: Error) => message)).to.equal('it does not open')
      expect(steps).to.deep.equal(['open a', 'open b', 'open c', 'close c', 'close b', 'close a'])
    })

  it('are all closed where one does not close; its failure is reported', async () => {
    const stack = new CloseStack()
    for (const name of ['a', 'b', 'c']) stack.use(part(name, name !== 'a'))
    steps = []
    expect(await stack.close({ appServer: false }).catch(({ message }: Error) => message)).to.equal('c does not close')
    expect(steps).to.deep.equal(['close c', 'close b', 'close a'])
  })

  it('report why one cannot be opened, and not what cannot be closed because of that', async () => {
    const opening = openStage((stack) => {
      stack.use(part('a', true))
      throw new Error('it does not open')
    })
    expect(await opening.catch(({ message }: Error) => message)).to.equal('it does not open')
  })
})
