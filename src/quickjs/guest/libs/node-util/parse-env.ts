const LINE = /^[ \t]*(?:export[ \t]+)?([^\s=#]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|`([^`]*)`|([^#\n]*))?/gm

/** Variables of the text of a `.env` file. */
export function parseEnv(content: string): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [, name, double, single, back, bare] of content.replaceAll('\r\n', '\n').matchAll(LINE)) {
    variables[name!] = double !== undefined ? double.replaceAll('\\n', '\n') : (single ?? back ?? bare?.trim() ?? '')
  }
  return variables
}
