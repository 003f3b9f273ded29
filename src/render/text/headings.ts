/** The headings of the text output: whose words follow, at what time, and a line where the day changes. */
import { calendarDay, clockTime } from '../terminal/clock.ts'
import type { Look, Paint } from '../terminal/theme.ts'
import type { TextPage } from './text-page.ts'

export class Headings {
  private readonly page: TextPage
  private readonly paint: Paint
  private day: string
  private speaker: string | undefined
  /** When the event happened that is being written. */
  at = ''

  /** @param today the day that needs no mention, as `2026-11-22` in local time */
  constructor(page: TextPage, paint: Paint, today: string) {
    this.page = page
    this.paint = paint
    this.day = today
  }

  /** Writes what is not said yet of who speaks and when; returns whether that was anything. */
  write(who: string, look: Look): boolean {
    const day = calendarDay(this.at) || this.day
    const isNewDay = day !== this.day
    if (isNewDay) this.page.writeBlock(this.paint('quiet', `── ${day} ──`))
    this.day = day
    if (this.speaker === who) return isNewDay
    this.speaker = who
    this.page.writeHeading(`${this.paint(look, who)}  ${this.paint('quiet', clockTime(this.at))}`)
    return true
  }

  /** The next words get a heading, even of the same speaker. */
  end(): void {
    this.speaker = undefined
  }
}
