/** Which versions of Codex are accepted. */
import { expect } from 'chai'
import { assertSupported, oldestCodex } from '../../../../src/codex/binary/codex-version.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

describe('the version of Codex', () => {
  it('is accepted when it is newer, a pre-release, or built from source', () => {
    const [major = 0, minor = 0] = oldestCodex.split('.').map(Number)
    const [next, last] = [`${major}.${minor + 1}.0`, `${major}.${minor - 1}.9`]
    for (const version of [oldestCodex, next, `${major + 1}.0.0`, `${next}-alpha.3`, '0.0.0']) {
      expect(() => assertSupported(version), version).not.to.throw()
    }
    for (const version of [last, '0.99.0', `${last}-alpha.1`, '0.0.1']) {
      expect(() => assertSupported(version), version).to.throw(ShareError)
    }
  })
})
