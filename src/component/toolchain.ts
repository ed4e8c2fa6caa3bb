/** Digest of the sources that decide what a prepared component is; put in by the build. */
declare const GLOVEBOX_FORM: string

/**
 * Who prepares components: the transpiler whose output the glue is made of, and the form we give it. What was prepared
 * by another is prepared anew, so that nothing outlives a change of the meter or of the checks.
 */
export const TOOLCHAIN: { readonly transpiler: string; readonly form: string } = Object.freeze({ transpiler: '0.15', form: typeof GLOVEBOX_FORM === 'string' ? GLOVEBOX_FORM : 'sources' })
