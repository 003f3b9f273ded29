/** Mocha's `spec` report, and the totals appended to the file that TEST_COUNTS names: passed, failed, skipped. */
'use strict'
const { appendFileSync } = require('node:fs')
const { reporters } = require('mocha')

module.exports = class CountReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats
      appendFileSync(process.env.TEST_COUNTS, `${passes} ${failures} ${pending}\n`)
    })
  }
}
