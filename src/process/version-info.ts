import process from 'node:process'
import type { LabelSet } from '../model/label-set.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/** The version of Node, or the one that the platform says it is like. */
export function versionInfo({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  const labels = versionLabels(process.version)
  if (labels === undefined) return undefined
  return scalarCollector({
    prefix,
    metrics: {
      nodejs_version_info: { type: 'info', help: 'Version of Node.js.', labelNames: Object.keys(labels) },
    },
    read: () => ({ nodejs_version_info: [{ labels, value: 1 }] }),
  })
}

/** The labels of a version such as `v20.19.0` or `v26.0.0-nightly2026`; `undefined` if it does not look like one. */
export function versionLabels(version: string): LabelSet | undefined {
  const [, major, minor, patch] = /^v(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []
  return major && minor && patch ? { version, major, minor, patch } : undefined
}
