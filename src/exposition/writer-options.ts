import type { MakeLayout } from './text-layout.ts'
import type { WrittenBlocks } from './written-blocks.ts'

/** What every writer takes. A format for which something of it means nothing does without. */
export interface WriterOptions {
  /**
   * What the scrape before this one wrote in the same format, with names in the same way; what has not changed is taken
   * from there.
   */
  readonly before?: WrittenBlocks | undefined
  /**
   * The blocks of the exposition so far. If it is given, the writer may put blocks there by itself instead of handing
   * them on: those that have not changed are very many.
   */
  readonly into?: Uint8Array[] | undefined
  /**
   * Whether OpenMetrics 1.0 says in a `_created` line when each series began: `false` by default, as a server that does
   * not know it takes that for one more series. The formats that say it otherwise always do.
   */
  readonly startTimestamps?: boolean | undefined
  /**
   * In a text format, how names stand that not every server accepts: with underscores by default, or in quotes
   * (`quotedLayout`).
   */
  readonly makeLayout?: MakeLayout | undefined
}
