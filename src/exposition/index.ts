export { bytesOf, textOf, writeExposition, type Exposition } from './exposition.ts'
export { FORMATS, type Format, type FormatName } from './format.ts'
export { escapeLabelName, escapeName, ESCAPINGS, unescapeName, type Escaping } from './name-escaping.ts'
export { negotiate, type NegotiatedFormat } from './negotiate.ts'
export { OPENMETRICS_2_TEXT_TYPE, writeOpenMetrics2Text } from './openmetrics-2-text.ts'
export { OPENMETRICS_TEXT_TYPE, writeOpenMetricsText } from './openmetrics-text.ts'
export { PROMETHEUS_PROTOBUF_TYPE, writePrometheusProtobuf } from './prometheus-protobuf.ts'
export { PROMETHEUS_TEXT_TYPE, writePrometheusText } from './prometheus-text.ts'
export { quotedLayout } from './quoted-layout.ts'
export type { MakeLayout } from './text-layout.ts'
export { WrittenBlocks } from './written-blocks.ts'
export { OpenMetricsTextParser, parseOpenMetrics } from './openmetrics-text-parser.ts'
export { ParseError, type ParseErrorCode, type ParseErrorDetails } from './parse-error.ts'
export { parseText, PrometheusTextParser } from './prometheus-text-parser.ts'
export {
  parseProtobuf,
  PrometheusProtobufParser,
  type ProtobufInput,
  type ProtobufStream,
} from './prometheus-protobuf-parser.ts'
export type { TextInput, TextStream } from './text-input.ts'
export type { ParseOptions, TextParser } from './text-parser.ts'
