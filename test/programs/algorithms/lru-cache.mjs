class Cache {
  #items = new Map()
  constructor(size) { this.size = size }
  get(key) { const value = this.#items.get(key); if (value !== undefined) { this.#items.delete(key); this.#items.set(key, value) } return value }
  set(key, value) { this.#items.delete(key); this.#items.set(key, value); if (this.#items.size > this.size) this.#items.delete(this.#items.keys().next().value) }
  toString() { return [...this.#items.keys()].join() }
}
const cache = new Cache(2)
cache.set('a', 1); cache.set('b', 2); cache.get('a'); cache.set('c', 3)
console.log(`${cache}`, cache)
