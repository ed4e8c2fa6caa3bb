type Libraries = (name: string) => Record<string, any>

const KEY = Symbol.for('glovebox.library')

/**
 * Another library of the guest, evaluated on first use. It lies where no guest can replace it, so parts that have no
 * `GuestCore` at hand may ask for it too.
 */
export const library: Libraries = (name) => (globalThis as unknown as Record<symbol, Libraries>)[KEY]!(name)
