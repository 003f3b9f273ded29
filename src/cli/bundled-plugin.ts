/** Our commands as an oclif plugin that is already in memory: the bundle has the package's facts, the manifest and the code in it. */
import { type Command, type Interfaces, Plugin } from '@oclif/core'

export interface BundledParts {
  /** The package's folder. */
  readonly root: string
  /** What package.json says. */
  readonly pjson: Interfaces.PJSON
  /** What oclif.manifest.json says. */
  readonly manifest: Interfaces.Manifest
  /** Commands by id; getting one evaluates its module. */
  readonly commands: Readonly<Record<string, Command.Class>>
}

/** Loading it reads no file. */
export class BundledPlugin extends Plugin {
  readonly #parts: BundledParts

  constructor(parts: BundledParts) {
    super({ isRoot: true, root: parts.root, pjson: parts.pjson })
    this.#parts = parts
  }

  override async load(): Promise<void> {
    const { root, pjson, manifest } = this.#parts
    Object.assign(this, { root, pjson, manifest, name: pjson.name, alias: pjson.name, version: pjson.version })
    Object.assign(this, { type: 'core', isRoot: true, valid: true, hasManifest: true, hooks: {}, moduleType: 'module' })
    this.commandIDs = Object.keys(manifest.commands)
    this.commands = Object.entries(manifest.commands).map(([id, command]) => ({
      ...command,
      load: () => this.findCommand(id, { must: true }),
      pluginAlias: this.alias,
      pluginType: 'core',
    }))
  }

  override async findCommand(id: string, options: { must: true }): Promise<Command.Class>
  override async findCommand(id: string, options?: { must: boolean }): Promise<Command.Class | undefined>
  override async findCommand(id: string, options?: { must: boolean }): Promise<Command.Class | undefined> {
    const command = this.#parts.commands[id]
    if (!command) {
      if (options?.must) throw new Error(`The command ${id} is in oclif.manifest.json but not in the program.`)
      return undefined
    }
    return Object.assign(command, { id, plugin: this })
  }
}
