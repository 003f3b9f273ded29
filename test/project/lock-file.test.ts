/** Watches what package-lock.json lets in: no version that was attacked, nothing without its hash, nobody's registry. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'

interface LockedPackage {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
}

/** Releases of node-ipc that destroyed files or left them on people's desktops, and the package that did the latter. */
const attacked: Readonly<Record<string, RegExp>> = {
  'node-ipc': /^(9\.1\.6|9\.2\.[23]|10\.1\.[1-3]|11\..*|12\.0\.1)$/,
  peacenotwar: /./,
}

/** One line for each thing that must not be in a lock file. */
function lockProblems(lock: { readonly packages: Readonly<Record<string, LockedPackage>> }): string[] {
  return Object.entries(lock.packages).flatMap(([place, { version = '', integrity, resolved }]) => {
    if (place === '') return []
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const problems: string[] = []
    if (attacked[name]?.test(version)) problems.push(`${place}@${version} is an attack`)
    if (!integrity?.startsWith('sha512-')) problems.push(`${place} has no SHA-512 of its contents`)
    if (resolved) problems.push(`${place} comes from ${resolved}`)
    return problems
  })
}

describe('package-lock.json', () => {
  it('has only packages that are safe, hashed, and free of a registry', () => {
    const lock = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package-lock.json'), 'utf8'))
    expect(lockProblems(lock)).to.deep.equal([])
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
  })
})

function lockOf(place: string, entry: LockedPackage) {
  return { packages: { '': {}, [place]: { integrity: 'sha512-abc', ...entry } } }
}
