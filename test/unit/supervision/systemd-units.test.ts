/** The systemd units, rendered with every character in them that could break one. */
import { expect } from 'chai'
import { renderTemplate } from '../../../src/supervision/render-template.ts'
import {
  environmentLines,
  execArgument,
  execProgram,
  unitPath,
} from '../../../src/supervision/systemd/escape-systemd.ts'
import { systemdFiles } from '../../../src/supervision/systemd/systemd-files.ts'
import { pathsInUnits } from '../../../src/supervision/unit-paths.ts'
import { nastyFacts, nastyHome } from '../../support/samples/service-facts.ts'

describe('What is written into a unit', () => {
  it('is read back by systemd as it is', () => {
    expect(unitPath('/a b/50%')).to.equal('/a b/50%%')
    expect(execProgram('/a$b/node')).to.equal('"/a$b/node"')
    expect(execArgument('/plain/path')).to.equal('/plain/path')
    expect(execArgument('a "b" \\c $d 5%')).to.equal('"a \\"b\\" \\\\c $$d 5%%"')
    expect(environmentLines({ A: 'x "y" 5% $z', B: undefined })).to.equal(
      'Environment="A=x \\"y\\" 5%% $z"\nUnsetEnvironment=B',
    )
  })

  it('is refused when a unit file cannot hold it', () => {
    expect(() => unitPath('/a\nExecStart=/bin/evil')).to.throw(/control character/)
  })

  it('names programs that the doctor finds again', () => {
    const texts = systemdFiles('/units', nastyFacts).map(({ text }) => text)
    expect(pathsInUnits(texts)).to.deep.equal(['node', 'run.js', 'codex'].map((name) => `${nastyHome}/${name}`))
  })

  it('fills in a template whole, or not at all', () => {
    expect(renderTemplate('a={{a}}\n  {{b}}\nc\n', { a: '$&', b: '1\n2' })).to.equal('a=$&\n  1\n  2\nc\n')
    expect(renderTemplate('{{b}}\nc\n', { b: '' })).to.equal('c\n')
    expect(() => renderTemplate('{{a}} {{b}}', { a: '' })).to.throw(/\{\{b\}\}, which is not given/)
    expect(() => renderTemplate('', { a: '' })).to.throw(/has no \{\{a\}\}/)
  })
})
