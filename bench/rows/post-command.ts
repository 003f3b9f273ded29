/** Row 7: `share post --wait` as a whole process, against a bare script that runs the same turn on the direct connection. */
import { ratioFinding } from '../measure/findings.ts'
import { interleaved } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import { wholeProcess } from '../measure/whole-process.ts'
import type { Row } from '../row.ts'
import { compileProgram } from '../scene/compile-program.ts'
import { program } from '../scene/scene.ts'
import { startTimes, turnReader } from './turn-start.ts'

export const postCommand: Row = async ({ quick, rounds, shared }) => {
  const scene = await shared('real')
  const script = await compileProgram('direct-turn', scene)
  const direct = await turnReader(scene, 'direct')
  const daemon = await turnReader(scene, 'daemon')
  // A turn each, so that both threads can be resumed.
  await startTimes(direct, 1)
  await startTimes(daemon, 1)
  const post = [program, 'share', 'post', '--thread', daemon.threadId, '--prompt', 'hello', '--wait']
  const bare = [script, scene.appServerSocket, direct.threadId, 'hello']
  const took = await interleaved(rounds * (quick ? 1 : 4), {
    floor: async () => (await wholeProcess(bare, scene.env)).ms,
    ours: async () => (await wholeProcess(post, scene.env)).ms,
  })
  direct.close()
  daemon.close()
  const figure = (label: string, values: number[]) => ({ label, value: median(values), unit: 'ms' })
  const [floor, ours] = [figure('bare script', took.floor), figure('share post', took.ours)]
  return [ratioFinding({ row: 7, what: 'share post --wait, whole process', floor, ours }, { atMost: 1.5 })]
}
