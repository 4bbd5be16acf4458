/** The steps of a parser: after one has failed, every later one fails with the same error. */
export class ParseAttempt {
  #failure: unknown

  /** @throws what the step throws, or what an earlier one has thrown */
  step<Result>(step: () => Result): Result {
    if (this.#failure !== undefined) throw this.#failure as Error
    try {
      return step()
    } catch (error) {
      this.#failure = error
      throw error
    }
  }
}
