import { expect } from 'chai'
import {
  countCommonFilters,
  isConfined,
  parseStatus,
  restraintsOf,
} from '../../../../src/platform/system/confinement.ts'

/** Lines of `/proc/PID/status` as Linux 6.18 has them. */
const status = (state: string, noNewPrivileges: number, seccomp: number, filters?: number) =>
  [
    'Name:\tState: X',
    'Umask:\t0022',
    `State:\t${state}`,
    `NoNewPrivs:\t${noNewPrivileges}`,
    `Seccomp:\t${seccomp}`,
    ...(filters === undefined ? [] : [`Seccomp_filters:\t${filters}`]),
    'Speculation_Store_Bypass:\tthread vulnerable',
  ].join('\n')

describe('a process that Codex’s sandbox confines', () => {
  it('is read off its status', () => {
    expect(parseStatus(status('S (sleeping)', 1, 2, 1))).to.deep.equal({ noNewPrivileges: true, filters: 1 })
    expect(parseStatus(status('R (running)', 0, 0, 0))).to.deep.equal({ noNewPrivileges: false, filters: 0 })
    expect(parseStatus(status('R (running)', 1, 2)), 'before Linux 5.9').to.deep.equal({
      noNewPrivileges: true,
      filters: 1,
    })
    expect(parseStatus(status('R (running)', 1, 1, 0)), 'strict mode').to.deep.equal({
      noNewPrivileges: true,
      filters: 1,
    })
  })

  it('is not known of one that has ended, or whose status says nothing', () => {
    for (const text of [status('Z (zombie)', 0, 0, 0), status('X (dead)', 0, 0, 0), '', 'State:\tS (sleeping)'])
      expect(parseStatus(text), text).to.equal(undefined)
    expect(restraintsOf(2 ** 22 + 1)).to.equal(undefined)
  })

  it('has no_new_privs and a filter beyond those that all have', () => {
    const rows: [string, boolean, number, number, boolean][] = [
      ['a shell', false, 0, 0, false],
      ['Codex’s sandbox', true, 1, 0, true],
      ['no_new_privs alone, as setpriv gives', true, 0, 0, false],
      ['a filter alone, as root in a container has', false, 1, 0, false],
      ['toolbox, flatpak’s namespaces, PrivateTmp', false, 0, 0, false],
      ['anything in a container with both for all', true, 1, 1, false],
      ['Codex’s sandbox in such a container', true, 2, 1, true],
      ['Codex’s sandbox in a container with a filter', true, 2, 1, true],
    ]
    for (const [what, noNewPrivileges, filters, common, confined] of rows)
      expect(isConfined({ noNewPrivileges, filters }, common), what).to.equal(confined)
  })

  it('is told from this very process, which nothing confines more than the first one here', () => {
    const own = restraintsOf('self')
    expect(own && isConfined(own, countCommonFilters())).to.equal(false)
  })
})
