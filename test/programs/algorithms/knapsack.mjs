const items = [[3, 4], [4, 5], [7, 10], [8, 11], [9, 13]]
const best = Array(18).fill(0)
for (const [weight, value] of items) for (let room = 17; room >= weight; room--) best[room] = Math.max(best[room], best[room - weight] + value)
export default best.at(-1)
