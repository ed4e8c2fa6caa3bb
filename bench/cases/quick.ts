/** Contenders that `--quick` measures: ours, those it is asked about most, and what the work costs uncontained. */
export const QUICK: readonly string[] = ['glovebox', 'quickjs-wasi, create', 'isolated-vm', 'new Function']
