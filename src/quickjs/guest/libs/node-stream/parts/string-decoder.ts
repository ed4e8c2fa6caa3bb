import { library } from '../../node/library.js'

/** The decoder, made when a stream is asked for text. */
export const StringDecoder = function (encoding?: string): object {
  return new (library('node-string-decoder')['StringDecoder'] as new (encoding?: string) => object)(encoding)
}
