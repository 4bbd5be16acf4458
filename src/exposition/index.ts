export { textOf, writeExposition, type Exposition } from './exposition.ts'
export { FORMATS, type Format, type FormatName } from './format.ts'
export { PROMETHEUS_TEXT_TYPE, writePrometheusText } from './prometheus-text.ts'
export { WrittenBlocks } from './written-blocks.ts'
