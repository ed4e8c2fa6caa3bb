/** Built-in modules by name, the library behind each and what it exports by name. */
const BUILTINS: ReadonlyMap<string, { readonly library: string; readonly member?: string; readonly names: readonly string[] }> = new Map([
  ['node:fs', { library: 'fs', names: [
    'readFileSync', 'writeFileSync', 'appendFileSync', 'readdirSync', 'statSync', 'lstatSync', 'existsSync', 'mkdirSync', 'rmSync', 'rmdirSync',
    'unlinkSync', 'renameSync', 'copyFileSync', 'cpSync', 'truncateSync', 'accessSync', 'realpathSync', 'symlinkSync', 'readlinkSync', 'utimesSync',
    'linkSync', 'lutimesSync', 'ftruncateSync', 'futimesSync', 'fsyncSync', 'opendirSync', 'openSync', 'readSync', 'writeSync', 'closeSync', 'fstatSync', 'mkdtempSync', 'createReadStream', 'createWriteStream', 'readFile', 'writeFile',
    'appendFile', 'readdir', 'stat', 'lstat', 'mkdir', 'rm', 'rmdir', 'unlink', 'rename', 'copyFile', 'access', 'realpath', 'exists', 'open', 'close', 'read', 'write', 'fstat', 'symlink', 'readlink', 'utimes', 'truncate', 'cp', 'mkdtemp', 'watch', 'watchFile',
    'constants', 'promises', 'Stats', 'Dirent',
  ] }],
  ['node:fs/promises', { library: 'fs', member: 'promises', names: [
    'readFile', 'writeFile', 'appendFile', 'readdir', 'stat', 'lstat', 'mkdir', 'rm', 'rmdir', 'unlink', 'rename', 'copyFile', 'cp', 'truncate',
    'access', 'realpath', 'symlink', 'readlink', 'utimes', 'open', 'mkdtemp', 'link', 'lutimes', 'opendir', 'watch', 'constants',
  ] }],
  ['node:path', { library: 'path', names: [
    'join', 'resolve', 'normalize', 'dirname', 'basename', 'extname', 'relative', 'isAbsolute', 'parse', 'format', 'sep', 'delimiter', 'posix',
  ] }],
  ['node:process', { library: 'process', member: 'process', names: ['argv', 'env', 'exit', 'cwd', 'stdout', 'stderr', 'platform'] }],
])

/** The canonical name of a built-in module, with or without `node:`, or `undefined`. */
export function toBuiltin(specifier: string): string | undefined {
  if (BUILTINS.has(specifier)) return specifier
  return BUILTINS.has(`node:${specifier}`) ? `node:${specifier}` : undefined
}

/** The source of a built-in module: it names the exports of a guest library. */
export function builtinSource(name: string): string | undefined {
  const builtin = BUILTINS.get(name)
  if (builtin === undefined) return undefined
  const member = builtin.member === undefined ? '' : `.${builtin.member}`
  const from = `globalThis[Symbol.for('glovebox.library')](${JSON.stringify(builtin.library)})${member}`
  return `const library = ${from}\nexport default library\nexport const { ${builtin.names.join(', ')} } = library\n`
}
