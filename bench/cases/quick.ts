/** Contenders that `--quick` measures: ours, those it is asked about most, and what the work costs uncontained. */
export const QUICK: readonly string[] = ['glovebox', 'quickjs-wasi, create', 'isolated-vm', 'new Function']

/** And those that make isolates in about the time that we do. */
export const QUICK_FRESH: readonly string[] = [...QUICK, 'glovebox, thread', 'quickjs-wasi, restore', 'quickjs-emscripten, shared module', 'node:vm', 'SES compartment']
