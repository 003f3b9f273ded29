/** What runs in the home of a soak, and what is left behind in its folders. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { thisSystem } from '../../../src/platform/system/this-system.ts'
import type { ProcessSample, Sample } from './history.ts'
import type { SoakSite } from './soak-site.ts'

interface HomeProcess {
  readonly pid: number
  readonly command: string
}

/** All processes that were started with this home, but for one that is ending. */
export function processesOf({ codexHome }: Pick<SoakSite, 'codexHome'>): HomeProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const environment = textOf(`/proc/${name}/environ`)
      const command = textOf(`/proc/${name}/cmdline`)?.replaceAll('\0', ' ').trim()
      return command && environment?.split('\0').includes(`CODEX_HOME=${codexHome}`)
        ? [{ pid: Number(name), command }]
        : []
    })
}

export const isDaemon = ({ command }: HomeProcess) => / daemon run( |$)/.test(command)
/** The binary itself, not what started it. */
export const isAppServer = ({ command }: HomeProcess) =>
  /^\S+ (\S+ )*app-server --listen/.test(command) && !/^\S*node /.test(command)

export async function sampleProcesses(site: SoakSite): Promise<Sample> {
  const atMs = Date.now()
  const all = processesOf(site)
  const daemons = await Promise.all(all.filter(isDaemon).map(({ pid }) => sizeOf(pid)))
  return {
    atMs,
    daemons: daemons.filter((daemon) => daemon !== undefined),
    appServers: all.filter(isAppServer).map(({ pid }) => pid),
  }
}

async function sizeOf(pid: number): Promise<ProcessSample | undefined> {
  try {
    const startToken = await thisSystem.startTokenOf(pid)
    const residentKiB = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
    if (startToken === undefined || Number.isNaN(residentKiB)) return undefined // It ends in this moment.
    return { pid, startToken, residentKiB, descriptors: readdirSync(`/proc/${pid}/fd`).length }
  } catch {
    return undefined // It ended in this moment.
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Names in our folders once all is stopped; what else stands there is left behind. */
const mayStand = [
  // It adopts a plain `codex` by it.
  /^config\/codex-share\/config\.json$/,
  /^data\/codex-share\/(ledger\.db|owner\.json|app-server\.json(\.linked)?)$/,
  /^data\/state\/codex-share\/(daemon|app-server)(\.\d+)?\.log$/,
  // What V8 made of the program, where it is another than when it was built.
  /^cache\/codex-share\/code\/[^/]+\.cache$/,
]

/** Paths in the home that no stopped daemon should leave. */
export function leftovers({ dir }: Pick<SoakSite, 'dir'>): string[] {
  const all = ['run', 'data', 'config', 'cache'].flatMap((folder) => filesIn(dir, folder))
  return all.filter((path) => !mayStand.some((pattern) => pattern.test(path)))
}

function filesIn(root: string, path: string): string[] {
  const names = (() => {
    try {
      return readdirSync(join(root, path))
    } catch {
      return [] // There is no such folder.
    }
  })()
  return names.flatMap((name) => {
    const inside = `${path}/${name}`
    return statSync(join(root, inside), { throwIfNoEntry: false })?.isDirectory() ? filesIn(root, inside) : [inside]
  })
}
