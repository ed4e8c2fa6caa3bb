// Not bundled: from here, packages are found in bench/node_modules.
export const load = (name) => import(name)
