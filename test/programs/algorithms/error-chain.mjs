class QueryError extends Error { constructor(message, options) { super(message, options); this.name = 'QueryError' } }
try {
  try { null.x } catch (cause) { throw new QueryError('cannot query', { cause }) }
} catch (error) {
  console.log(error.name, error.message, error.cause instanceof TypeError, error instanceof QueryError, String(error))
}
