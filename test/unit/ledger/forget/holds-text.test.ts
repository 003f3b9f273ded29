/** Whether a thread holds a text, looked for some events at a time. */
import { expect } from 'chai'
import { holdsText } from '../../../../src/ledger/forget/holds-text.ts'
import { ledgerOfEachTest, newEvent } from '../../../support/ledger-of-each-test.ts'

describe('A text that is looked for in a thread', () => {
  const site = ledgerOfEachTest()
  const say = (text: string) => newEvent('warning', { params: { text } })
  const piece = (itemId: string, delta: string) => newEvent('item/agentMessage/delta', { itemId, params: { delta } })
  /** Whether it is there, and after how many pauses that was known. */
  const look = (text: string): [boolean, number] => {
    const steps = holdsText(site.ledger.db, 1, text)
    let step = steps.next()
    let pauses = 0
    for (; !step.done; step = steps.next()) pauses += 1
    return [step.value, pauses]
  }

  it('is found with pauses between the events, and no further than it has to be', () => {
    site.ledger.events.append(Array.from({ length: 600 }, (_, index) => say(`number ${index};`)))
    expect([look('number 5;'), look('number 599;'), look('nowhere')]).to.deep.equal([
      [true, 0],
      [true, 2],
      [false, 3],
    ])
  })

  it('is found as JSON has it, and across the pieces of an answer with a pause between them', () => {
    site.ledger.events.append([say('a "quoted" word'), piece('i', 'the sec')])
    site.ledger.events.append([...Array.from({ length: 300 }, () => say('other')), piece('i', 'ret word')])
    site.ledger.events.append([piece('j', 'the begin'), piece('k', 'ning')])
    expect(['"quoted"', 'secret', 'beginning'].map((text) => look(text)[0])).to.deep.equal([true, true, false])
  })
})
