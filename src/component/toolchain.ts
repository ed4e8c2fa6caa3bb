/**
 * Who prepares components: the transpiler whose output the glue is made of, and the form we give it. What was prepared
 * by another is prepared anew.
 */
export const TOOLCHAIN = Object.freeze({ transpiler: '0.15', form: 1 })
