#!/usr/bin/env node
/** Writes docs/benchmarks.md from the newest results in benchmarks/results/. */
import { writeTable } from './harness/table.mjs'

writeTable()
