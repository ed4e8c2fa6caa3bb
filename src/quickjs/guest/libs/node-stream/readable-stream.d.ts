declare module 'readable-stream/lib/stream.js' {
  const Stream: Record<string, any>
  export default Stream
}
