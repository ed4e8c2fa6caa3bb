import { describe, expect, it } from 'vitest'
import * as component from '../../src/component/index.js'
import * as index from '../../src/index.js'
import * as node from '../../src/node.js'
import * as quickjs from '../../src/quickjs/index.js'
import * as web from '../../src/web.js'
import { readSource } from '../support/source-files.js'

interface Entry {
  readonly file: string
  readonly module: object
  readonly values: readonly string[]
  readonly types: readonly string[]
}

/** Every public name. One that comes or goes changes this table and the changelog. */
const ENTRIES: readonly Entry[] = [
  {
    file: 'src/index.ts',
    module: index,
    values: [
      'DEFAULT_LIMITS', 'Denied', 'ERROR_CODES', 'GloveboxError', 'GuestVisibleError', 'STOP_REASONS', 'TransportError', 'appendOnly', 'coarse',
      'copyOnWrite', 'createSandbox', 'defineTool', 'describeTools', 'fixedClock', 'httpOver', 'labelled', 'limited', 'memoryDir', 'noDelete', 'quickjs',
      'readOnly', 'secret', 'seededRandom', 'steppedClock', 'subdir',
    ],
    types: [
      'BlastRadius', 'Capability', 'CapabilityKind', 'Change', 'Clock', 'CommandOptions', 'Component', 'ComponentCallOptions', 'ComponentEngine', 'ComponentSource', 'ConsoleLine', 'CopyOnWriteDir', 'DescribeToolsOptions', 'Dir', 'DirLabel', 'Engine',
      'ErrorCode', 'FetchOptions', 'GloveboxEvent', 'Grants', 'GuestError', 'HeaderSource', 'HostFunction', 'Interfaces', 'LedgerEntry', 'Limits', 'Listed', 'LoadOptions', 'MemoryDir', 'MemoryDirOptions', 'Net',
      'NetOptions', 'NetRule', 'ProgramEngine', 'QuickjsOptions', 'Quota', 'Random', 'Reach', 'RequestTimeouts', 'RunOptions', 'RunResult', 'Sandbox', 'SandboxOptions', 'SandboxStats', 'Secret',
      'StandardSchema', 'Stdin', 'SteppedClockOptions', 'StopReason', 'StreamedBody', 'Tcp', 'TcpOptions', 'Tool', 'ToolContext', 'ToolOptions', 'Transport', 'TransportFailure', 'TransportRequest',
      'TransportResponse', 'Usage',
    ],
  },
  {
    file: 'src/node.ts',
    module: node,
    values: ['bundle', 'grantsFromPolicy', 'http', 'openDir', 'systemClock', 'systemRandom', 'tcp'],
    types: ['BundleOptions', 'HttpOptions', 'OpenDirOptions', 'PolicyGrants', 'PolicyOptions', 'SystemClockOptions', 'TcpNodeOptions'],
  },
  { file: 'src/web.ts', module: web, values: ['http', 'systemClock', 'systemRandom'], types: ['SystemClockOptions'] },
  { file: 'src/component/index.ts', module: component, values: ['component', 'toTools'], types: ['ComponentOptions', 'ToToolsOptions'] },
  { file: 'src/quickjs/index.ts', module: quickjs, values: ['quickjs'], types: ['QuickjsOptions'] },
]

/** Names a file exports as types. */
function typesOf(file: string): readonly string[] {
  return [...readSource(file).matchAll(/^export (type )?\{([^}]*)\}/gm)]
    .flatMap(([, all, names]) => names!.split(',').map((name) => name.trim()).filter((name) => name !== '' && (all !== undefined || name.startsWith('type '))))
    .map((name) => name.replace(/^type /, ''))
    .sort()
}

describe.each(ENTRIES)('$file', ({ file, module, values, types }) => {
  it('exports these values', () => {
    expect(Object.keys(module).sort()).toEqual([...values].sort())
  })

  it('exports these types', () => {
    expect(typesOf(file)).toEqual(types)
  })

  it('names what it exports one by one', () => {
    expect(readSource(file)).not.toMatch(/export (\*|default)/)
  })
})
