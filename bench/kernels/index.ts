import { type Kernel, KERNELS as ALL } from '../meter/kernels.js'

/** What ten of the kernels come to, on every engine. */
const ANSWERS: Readonly<Record<string, number>> = {
  interpreter: -1_491_571_712,
  recursion: 75_025,
  objects: 59_999_900_000,
  property: 80_000_600_000,
  closures: 3_333_266_664,
  regexp: 156_006,
  json: 853_024,
  sort: 5_394_698,
  strings: 6_230_760,
  collections: 487_500_501,
}

/** Ten programs that only compute, each with its answer. */
export const KERNELS: readonly (Kernel & { readonly answer: number })[] = Object.entries(ANSWERS).map(([name, answer]) => {
  const kernel = ALL.find((each) => each.name === name)
  if (kernel === undefined) throw new Error(`There is no kernel ${name}`)
  return { ...kernel, answer }
})
