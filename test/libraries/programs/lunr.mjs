import lunr from 'lunr'

const index = lunr(function () {
  this.ref('id')
  this.field('title', { boost: 10 })
  this.field('body')
  this.add({ id: 'a', title: 'Running foxes', body: 'The quick brown fox runs' })
  this.add({ id: 'b', title: 'Dogs', body: 'A lazy dog sleeps near foxes' })
})
const again = lunr.Index.load(JSON.parse(JSON.stringify(index)))
export default { fox: index.search('fox').map(({ ref, score }) => [ref, score]), again: again.search('+dog -running').map(({ ref }) => ref), fuzzy: index.search('runing~1').map(({ ref }) => ref), stem: lunr.stemmer(new lunr.Token('sleeping')).toString() }
