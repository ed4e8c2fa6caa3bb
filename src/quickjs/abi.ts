/** A pointer to a boxed JSValue in the isolate's memory; owned by whoever got it from a `qjs_new*` or call result. */
export type Ptr = number

/** The exports of the engine module this host layer uses, of the many it has. */
export interface EngineExports {
  readonly memory: WebAssembly.Memory
  readonly __stack_pointer: WebAssembly.Global<'i32'>
  readonly __indirect_function_table: WebAssembly.Table
  readonly 'glovebox:fuel': WebAssembly.Global<'i32'>
  _initialize(): void
  qjs_init(): number
  qjs_set_memory_limit(bytes: number): void
  qjs_set_max_stack_size(bytes: number): void
  qjs_set_promise_rejection_handler(on: number): void
  qjs_set_module_loader(on: number): void
  qjs_eval(code: number, length: number, filename: number, flags: number): Ptr
  qjs_compile(code: number, length: number, filename: number, evalFlags: number, compileFlags: number, outLength: number): number
  qjs_eval_bytecode(bytes: number, length: number): Ptr
  qjs_get_context_ptr(): number
  /** Text must end with a NUL beyond its length. */
  JS_ParseJSON(context: number, text: number, length: number, filename: number): bigint
  JS_Eval2(context: number, code: number, length: number, options: number): bigint
  qjs_call(fn: Ptr, self: Ptr, argc: number, argv: number): Ptr
  qjs_new_host_function(name: number, length: number, userData: number): Ptr
  qjs_new_string(bytes: number, length: number): Ptr
  qjs_new_number(value: number): Ptr
  qjs_new_array(): Ptr
  /** The promise; its functions are written to the two addresses. */
  qjs_new_promise(outResolve: number, outReject: number): Ptr
  qjs_new_array_buffer(bytes: number, length: number): Ptr
  qjs_get_undefined(): Ptr
  qjs_get_null(): Ptr
  qjs_get_true(): Ptr
  qjs_get_false(): Ptr
  qjs_get_runtime_ptr(): number
  qjs_get_prop_string(object: Ptr, name: number): Ptr
  qjs_get_prop_uint32(object: Ptr, index: number): Ptr
  qjs_set_prop_uint32(object: Ptr, index: number, value: Ptr): number
  qjs_get_string_len(value: Ptr, outLength: number): number
  qjs_free_cstring(text: number): void
  qjs_get_float64(value: Ptr): number
  qjs_get_array_buffer(value: Ptr, outLength: number): number
  qjs_get_value_ptr(value: Ptr): number
  qjs_is_exception(value: Ptr): number
  qjs_is_undefined(value: Ptr): number
  qjs_is_string(value: Ptr): number
  qjs_is_array(value: Ptr): number
  qjs_is_array_buffer(value: Ptr): number
  qjs_get_exception(): Ptr
  qjs_throw(value: Ptr): void
  qjs_free_value(value: Ptr): void
  qjs_is_job_pending(): number
  qjs_run_gc(): void
  qjs_execute_pending_job(): number
  wasm_malloc(bytes: number): number
  wasm_free(pointer: number): void
}

/** `JS_EVAL_*` of quickjs.h. */
export const EVAL_GLOBAL = 0
export const EVAL_MODULE = 1
export const EVAL_COMPILE_ONLY = 32
/** `JS_WRITE_OBJ_STRIP_SOURCE`: a library's text is not for the guest to read. */
export const STRIP_SOURCE = 16
