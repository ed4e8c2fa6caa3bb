import { type Node, parse } from 'acorn'
import { transformSync } from 'esbuild'

/** What a module takes from its surroundings without importing it. */
export interface FreeNames {
  /** Names that are declared nowhere in the module. */
  readonly names: ReadonlySet<string>
  /** Reads of `object.property` of such names: `Date.now`, `Math.random`. */
  readonly members: ReadonlySet<string>
  /** Such names called or constructed without arguments: `Date()`. */
  readonly bareCalls: ReadonlySet<string>
}

type Tree = Node & Record<string, unknown>

/** Finds free names in TypeScript source, types taken out. */
export function freeNames(source: string): FreeNames {
  const { code } = transformSync(source, { loader: 'ts', target: 'esnext' })
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' }) as unknown as Tree
  const declared = new Set<string>(['arguments', 'undefined'])
  const used = new Set<string>()
  const members = new Set<string>()
  const bareCalls = new Set<string>()

  const declare = (pattern: unknown): void => {
    if (!isNode(pattern)) return
    if (pattern.type === 'Identifier') declared.add(pattern['name'] as string)
    else if (pattern.type === 'AssignmentPattern') declare(pattern['left'])
    else if (pattern.type === 'RestElement') declare(pattern['argument'])
    else if (pattern.type === 'ArrayPattern') for (const element of pattern['elements'] as unknown[]) declare(element)
    else if (pattern.type === 'ObjectPattern') for (const property of pattern['properties'] as Tree[]) declare(property.type === 'Property' ? property['value'] : property)
  }
  const visit = (node: Tree): void => {
    const { type } = node
    // A re-export names what another module declares.
    if (type === 'ExportNamedDeclaration' && isNode(node['source'])) return
    if (type === 'VariableDeclarator') declare(node['id'])
    else if (/^(Function|Class)/.test(type)) declare(node['id'])
    else if (type === 'CatchClause') declare(node['param'])
    else if (type.startsWith('Import') && type.endsWith('Specifier')) declare(node['local'])
    if (Array.isArray(node['params'])) for (const param of node['params']) declare(param)

    if (type === 'Identifier') used.add(node['name'] as string)
    const object = node['object']
    if (type === 'MemberExpression' && node['computed'] === false && isNode(object) && object.type === 'Identifier') {
      members.add(`${String(object['name'])}.${String((node['property'] as Tree)['name'])}`)
    }
    const callee = node['callee']
    if ((type === 'CallExpression' || type === 'NewExpression') && isNode(callee) && callee.type === 'Identifier' && (node['arguments'] as unknown[]).length === 0) {
      bareCalls.add(callee['name'] as string)
    }
    for (const [key, child] of Object.entries(node)) {
      if (isName(node, key)) continue
      for (const each of Array.isArray(child) ? child : [child]) if (isNode(each)) visit(each)
    }
  }
  visit(program)
  const isFree = (name: string): boolean => !declared.has(name)
  return {
    names: new Set([...used].filter(isFree)),
    members: new Set([...members].filter((member) => isFree(member.split('.')[0]!))),
    bareCalls: new Set([...bareCalls].filter(isFree)),
  }
}

/** Whether a child is only the name of a property, label or export. */
function isName({ type, computed }: Tree, key: string): boolean {
  if (key === 'property') return type === 'MetaProperty' || (type === 'MemberExpression' && computed === false)
  if (key === 'key') return computed === false
  return key === 'label' || key === 'exported' || key === 'imported' || (type === 'MetaProperty' && key === 'meta')
}

function isNode(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && typeof (value as Tree).type === 'string'
}
