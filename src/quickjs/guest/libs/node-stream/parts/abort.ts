/** Classes of the web, made when first used. */
export const AbortController = function (): AbortController {
  return new globalThis.AbortController()
}
export const AbortSignal = {
  any: (signals: readonly AbortSignal[]): AbortSignal => globalThis.AbortSignal.any([...signals]),
}
