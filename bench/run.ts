/** `npm run bench`: measures the rows of the speed table one after the other, each beside its floor, and never fails the build. */
import { parseOptions, usage } from './parse-options.ts'
import { describeMachine, findingLine, machineLine } from './report.ts'
import type { BenchContext, Finding, Row } from './row.ts'
import { daemonStart } from './rows/daemon-start.ts'
import { diskUse } from './rows/disk-use.ts'
import { fanOut } from './rows/fan-out.ts'
import { floodToOne } from './rows/flood-to-one.ts'
import { fullLedger } from './rows/full-ledger.ts'
import { getCommand } from './rows/get-command.ts'
import { idleCpu } from './rows/idle-cpu.ts'
import { loopHolds } from './rows/loop-holds.ts'
import { memory } from './rows/memory.ts'
import { notificationLatency } from './rows/notification-latency.ts'
import { postCommand } from './rows/post-command.ts'
import { requestReply } from './rows/request-reply.ts'
import { tailCommand } from './rows/tail-command.ts'
import { turnStart } from './rows/turn-start.ts'
import { cleanUpOnExit } from './scene/clean-up.ts'
import { makeScene, type Scene, type SceneOptions } from './scene/scene.ts'

const rows = new Map<number, Row>([
  [1, notificationLatency],
  [2, floodToOne],
  [3, fanOut],
  [4, requestReply],
  [5, turnStart],
  [6, getCommand],
  [7, postCommand],
  [8, tailCommand],
  [9, fullLedger],
  [10, loopHolds],
  [11, daemonStart],
  [12, memory],
  [13, idleCpu],
  [14, diskUse],
])

cleanUpOnExit()
try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
}
process.exit(0)

async function main(): Promise<void> {
  const { quick, json, only, rounds, events } = parseOptions(process.argv.slice(2), [...rows.keys()])
  const machine = describeMachine()
  const say = (line: string) => (json ? process.stderr : process.stdout).write(line)
  say(machineLine(machine, rounds))
  const sharedScenes = new Map<SceneOptions['codex'], Promise<Scene>>()
  const findings: Finding[] = []
  for (const [number, measure] of rows) {
    if (!only.has(number)) continue
    const owned: Scene[] = []
    const context: BenchContext = {
      quick,
      rounds,
      events,
      shared(codex) {
        const scene = sharedScenes.get(codex) ?? makeScene({ codex })
        sharedScenes.set(codex, scene)
        return scene
      },
      async own(options) {
        const scene = await makeScene(options)
        owned.push(scene)
        return scene
      },
    }
    const from = performance.now()
    try {
      const found = await measure(context)
      findings.push(...found)
      for (const finding of found) say(findingLine(finding))
      process.stderr.write(`    row ${number} took ${((performance.now() - from) / 1000).toFixed(1)} s\n`)
    } catch (error) {
      process.stderr.write(
        `row ${number} could not be measured: ${error instanceof Error ? error.stack : String(error)}\n`,
      )
    }
    for (const scene of owned) await scene.close()
  }
  for (const scene of sharedScenes.values()) await (await scene).close()
  if (json) process.stdout.write(`${JSON.stringify({ machine, rounds, quick, findings }, null, 2)}\n`)
}
