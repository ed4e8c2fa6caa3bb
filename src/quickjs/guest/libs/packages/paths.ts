/** The folder of an absolute path, without a slash behind it but for the root. */
export const folderOf = (path: string): string => {
  const end = path.lastIndexOf('/')
  return end <= 0 ? '/' : path.slice(0, end)
}

/** An absolute path of `path` as seen from `folder`, without `.` and `..`. */
export const absolute = (folder: string, path: string): string => {
  const names: string[] = []
  for (const name of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return `/${names.join('/')}`
}

export const isPath = (specifier: string): boolean =>
  specifier === '.' || specifier === '..' || specifier.startsWith('./') || specifier.startsWith('../') || specifier.startsWith('/')
