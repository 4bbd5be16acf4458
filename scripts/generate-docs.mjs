#!/usr/bin/env node
/**
 * Writes the pages of docs/ that are told by the code: `npm run docs`, which builds first.
 * test/docs/generated.test.ts holds them against the code. (docs/benchmarks.md is written by `npm run bench`.)
 */
import { writeFileSync } from 'node:fs'
import { errorsPage } from './docs-errors.mjs'
import { metricsPage } from './docs-metrics.mjs'

const pages = { 'docs/metrics.md': await metricsPage(), 'docs/errors.md': errorsPage() }
for (const [path, text] of Object.entries(pages)) writeFileSync(new URL(`../${path}`, import.meta.url), text)
