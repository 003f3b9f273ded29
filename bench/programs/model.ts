/** The scripted model: `deltas COUNT` is answered with that many small deltas as fast as they are taken, anything else at once. */
import { startScriptedModel } from '../../src/demo/scripted-model.ts'

const model = await startScriptedModel({
  script: ({ prompt }) => {
    const [, count] = /^deltas (\d+)/.exec(prompt) ?? []
    return count ? [{ say: 'word '.repeat(Number(count)), chunks: Number(count) }] : [{ say: 'Done.' }]
  },
})
process.on('disconnect', () => process.exit(0))
process.send?.({ baseUrl: model.baseUrl })
