/** What a component imports and exports, as plain data. */
export interface World {
  readonly imports: readonly Extern[]
  readonly exports: readonly Extern[]
}

/** A function or an interface under its full name, such as `acme:text/slug@1.0.0`. */
export type Extern = ExternFunction | ExternInterface

export interface ExternFunction extends FunctionType {
  readonly kind: 'function'
  readonly name: string
}

export interface ExternInterface {
  readonly kind: 'interface'
  readonly name: string
  readonly functions: readonly ExternFunction[]
  /** Named types in the order they are declared, but for the resources that live here. */
  readonly types: readonly NamedType[]
  /** Names of the resources that live here. */
  readonly resources: readonly string[]
}

export interface NamedType {
  readonly name: string
  readonly type: ValueType
  /** The interface it comes from, when it is another one. */
  readonly from?: string
}

export interface FunctionType {
  readonly params: readonly NamedType[]
  readonly result: ValueType | undefined
  /**
   * Where JavaScript finds it: a property of the exports or of the interface (`slugify`), `Doc` for a constructor,
   * `Doc.open` for a static function, and `Doc#body` for a method, whose first parameter is the object itself.
   */
  readonly path: string
  /** Whether it is asynchronous in the component model, as in WASI 0.3. */
  readonly isAsync?: boolean
  /** Its comment in the WIT, where the component carries any. */
  readonly docs?: string
}

export type Primitive = 'bool' | 's8' | 'u8' | 's16' | 'u16' | 's32' | 'u32' | 's64' | 'u64' | 'f32' | 'f64' | 'char' | 'string' | 'error-context'

/** A type of the component model; `name` is the one it was given, where it was. */
export type ValueType = { readonly name?: string } & (
  | { readonly kind: Primitive }
  | { readonly kind: 'list'; readonly element: ValueType; readonly length?: number }
  | { readonly kind: 'option'; readonly some: ValueType }
  | { readonly kind: 'result'; readonly ok: ValueType | undefined; readonly error: ValueType | undefined }
  | { readonly kind: 'tuple'; readonly items: readonly ValueType[] }
  | { readonly kind: 'record'; readonly fields: readonly NamedType[] }
  | { readonly kind: 'variant'; readonly cases: readonly { readonly name: string; readonly type: ValueType | undefined }[] }
  | { readonly kind: 'enum' | 'flags'; readonly names: readonly string[] }
  | { readonly kind: 'own' | 'borrow'; readonly resource: string }
  | { readonly kind: 'stream' | 'future'; readonly element: ValueType | undefined }
)
