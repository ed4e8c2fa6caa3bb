import { describe, expect, it } from 'vitest'
import { firstError } from '../../bench/npm-errors.js'

describe('firstError()', () => {
  it.each([
    ['npm error code 1\nnpm error path /x/bench/node_modules/some-addon\nnpm error command failed\nnpm error gyp ERR! find Python\nnpm error gyp ERR! stack Error: Could not find any Python installation', 'Error: Could not find any Python installation'],
    ['npm warn old lockfile\nnpm error code ENOTFOUND\nnpm error network request to the registry failed, reason: getaddrinfo ENOTFOUND', 'network request to the registry failed, reason: getaddrinfo ENOTFOUND'],
    ['npm warn Unknown user config "x".\nnpm error code EUSAGE\nnpm error\nnpm error Missing: some-addon-linux@ from lock file', 'Missing: some-addon-linux@ from lock file'],
    ['something else went on', 'something else went on'],
    ['\n \n', 'no output'],
  ])('finds what went wrong in %j', (output, line) => {
    expect(firstError(output)).toBe(line)
  })
})
