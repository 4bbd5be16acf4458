import { Controller, Get, Module, Param } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Counter, Registry } from 'narthex'
import { MetricsModule } from 'narthex/nest'

@Controller('hello')
class HelloController {
  private readonly greetings = new Counter({ name: 'greetings', help: 'Greetings sent.', labelNames: ['language'] })

  constructor(registry: Registry) {
    registry.register(this.greetings)
  }

  @Get(':name')
  hello(@Param('name') name: string): string {
    this.greetings.inc({ language: 'en' })
    return `Hello, ${name}!`
  }
}

@Module({
  imports: [MetricsModule.forRoot({ info: { version: '1', config: 'develop' } })], // and GET /metrics shows them
  controllers: [HelloController],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] })
app.enableShutdownHooks()
await app.listen(Number(process.env['PORT'] ?? 8000), '127.0.0.1')
console.log(`${await app.getUrl()}/metrics`)
