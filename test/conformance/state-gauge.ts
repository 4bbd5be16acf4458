import { metricFamily, type MetricFamily, type MetricFamilyOptions } from 'narthex'

/** A state set as the formats show it that have none: a gauge, with a series for each state. */
export function stateGauge({ name, help, states, samples }: StateSetOptions): MetricFamily {
  const ofStates = samples.flatMap((sample) =>
    states.map((state) => ({
      ...sample,
      labels: Object.fromEntries([...Object.entries(sample.labels), [name, state]]),
      value: sample.value[state] === true ? 1 : 0,
    })),
  )
  return metricFamily({ name, help, type: 'gauge', samples: ofStates })
}

type StateSetOptions = Extract<MetricFamilyOptions, { type: 'stateset' }>
