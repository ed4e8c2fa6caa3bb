const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$_]*$/u
const RESERVED: ReadonlySet<string> = new Set(
  ('default arguments await break case catch class const continue debugger delete do else enum eval export extends false finally for function if implements import in ' +
    'instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield library').split(' '),
)

/** The keys of an object by which `import` can ask for parts of it, with commas between them. */
export const exportNames = (exports: unknown): string => {
  if ((typeof exports !== 'object' || exports === null) && typeof exports !== 'function') return ''
  let names = ''
  for (const name of Object.keys(exports)) if (IDENTIFIER.test(name) && !RESERVED.has(name)) names += names === '' ? name : `,${name}`
  return names
}
