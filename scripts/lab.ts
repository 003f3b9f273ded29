/** `npm run lab`: a shell in a temporary home, where `codex-share` runs this source on the real Codex with a scripted model. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeDemoHome } from '../src/demo/demo-home.ts'
import { script } from '../src/demo/run-tui-demo.ts'
import { makeScriptedHome } from '../src/demo/scripted-home.ts'
import { startScriptedModel } from '../src/demo/scripted-model.ts'
import { shellWord } from '../src/protocol/text/shell-word.ts'

const program = path.join(import.meta.dirname, '../bin/dev.js')
const model = await startScriptedModel({ script })
const home = makeDemoHome(process.env)
makeScriptedHome({
  dir: home.codexHome,
  baseUrl: model.baseUrl,
  approvalPolicy: 'on-request',
  sandboxMode: 'workspace-write',
})
const programFolder = makeProgramFolder()
const env: NodeJS.ProcessEnv = { ...home.env, PATH: `${programFolder}:${home.env.PATH}` }

process.stderr.write(`A temporary home, the real Codex and a scripted model; \`codex-share\` runs this source, and Ctrl+D leaves.
The model answers anything; it knows \`run COMMAND\`, \`ask COMMAND\` and \`slow\`.
With INSPECT=1 in front a debugger can attach: \`INSPECT=1 codex-share daemon run\`, then chrome://inspect.
For a second terminal:

  cd ${shellWord(home.workDir)}; export ${exports()}

`)
// A key such as Ctrl+C is the shell's.
process.on('SIGINT', () => {})
const shell = spawn(process.env.SHELL ?? '/bin/sh', { env, cwd: home.workDir, stdio: 'inherit' })
await once(shell, 'exit')
await model.close()
spawnSync('codex-share', ['daemon', 'stop', '--all'], { env, cwd: home.workDir, stdio: 'ignore' })
home.remove()

/** A folder for PATH in which `codex-share` is this checkout's. */
function makeProgramFolder(): string {
  const folder = path.join(home.workDir, '..', 'bin')
  mkdirSync(folder)
  const node = `${shellWord(process.execPath)} \${INSPECT:+--inspect} ${shellWord(program)}`
  writeFileSync(path.join(folder, 'codex-share'), `#!/bin/sh\nexec ${node} "$@"\n`)
  chmodSync(path.join(folder, 'codex-share'), 0o755)
  return folder
}

function exports(): string {
  const names = ['HOME', 'CODEX_HOME', 'CODEX_SHARE_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME']
  const others = names.map((name) => `${name}=${shellWord(env[name] ?? '')}`)
  return [`PATH=${shellWord(programFolder)}:"$PATH"`, ...others].join(' ')
}
