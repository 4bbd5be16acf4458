import type { WrittenBlocks } from './written-blocks.ts'

/** What every writer takes. A format for which something of it means nothing does without. */
export interface WriterOptions {
  /** What the scrape before this one wrote in the same format; what has not changed is taken from there. */
  readonly before?: WrittenBlocks | undefined
}
