const orders = [{ id: 1, customer: 2 }, { id: 2, customer: 1 }, { id: 3, customer: 9 }]
const customers = new Map([[1, 'Ada'], [2, 'Bo']])
console.table(orders.map(({ id, customer }) => ({ id, name: customers.get(customer) ?? 'unknown' })))
