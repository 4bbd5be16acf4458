// Next.js calls it as the server starts; the metrics are at http://127.0.0.1:9464/metrics then.
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { metrics } = await import('narthex/next')
  await metrics({ port: Number(process.env.METRICS_PORT ?? 9464), info: { version: '1', config: 'develop' } })
}
