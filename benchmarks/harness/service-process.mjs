/**
 * A service with a contestant in it, in this process, which is made for it: tells its port, and then whatever it is
 * asked: the microseconds of CPU that it took so far, or its exposition. `service.mjs` makes the process.
 */
const [name, contestant] = process.argv.slice(2)
const { start } = await import(`../services/${name}.mjs`)
const { port, scrape } = await start(contestant)
process.send(port)
process.on('message', (question) => {
  const { user, system } = process.cpuUsage()
  if (question === 'cpu') process.send(user + system)
  else void Promise.resolve(scrape()).then((exposition) => process.send(exposition))
})
