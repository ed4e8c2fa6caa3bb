// Not bundled: from here, packages are found in this folder's node_modules.
export { View, parse, textMetrics } from 'vega'
export { compile } from 'vega-lite'
