/** The years 1 to 9999, which a timestamp of protobuf may be in. */
const EARLIEST_MS = -62_135_596_800_000
const LATEST_MS = 253_402_300_799_999

/** Whether a timestamp may say this time, in milliseconds; NaN stands for none. */
export function isTime(timestampMs: number): boolean {
  return timestampMs >= EARLIEST_MS && timestampMs <= LATEST_MS
}
