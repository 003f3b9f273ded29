/** SQL made from a list of columns. */
import { expect } from 'chai'
import { insertInto, selectList } from '../../../../src/ledger/sql/columns.ts'

describe('A list of columns', () => {
  it('is read under the names of the members', () => {
    const columns = { turnId: 'turn_id', status: 'status', name: "nullif(name, '')" }
    expect(selectList(columns)).to.equal("turn_id AS turnId, status, nullif(name, '') AS name")
  })

  it('is written from the members, and where it is given from SQL', () => {
    expect(insertInto('turns', { turnId: 'turn_id', by: 'by' }, { at_ms: '@now', next: '(SELECT 1)' })).to.equal(
      'INSERT INTO turns (turn_id, by, at_ms, next) VALUES (@turnId, @by, @now, (SELECT 1))',
    )
  })
})
