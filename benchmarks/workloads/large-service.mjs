/**
 * The service that is too large for a scrape to be free: 240,000 lines, some 22 MB. For a first look it is a tenth of
 * that, and its traffic too.
 *
 * @param {boolean} quick
 * @returns {{ size: import('./service.mjs').Size, takeBusyTraffic: TakeTraffic, takeQuietTraffic: TakeTraffic }}
 *
 * @typedef {(service: import('./service.mjs').Service) => void} TakeTraffic
 */
export function largeService(quick) {
  const part = quick ? 10 : 1
  return {
    size: { counters: 20, counterSeries: 100_000 / part, histograms: 4, histogramSeries: 10_000 / part },
    takeBusyTraffic: (service) => service.takeTraffic(50_000 / part, 10_000 / part),
    takeQuietTraffic: (service) => service.takeQuietTraffic(1000 / part, 100 / part),
  }
}
