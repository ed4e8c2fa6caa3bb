import Fuse from 'fuse.js'

const books = [{ title: 'The Lost Garden', by: { name: 'Ada Quill' } }, { title: 'Lantern Road', by: { name: 'Bo Larch' } }, { title: 'Garden of Salt', by: { name: 'Cy Fenn' } }]
const fuse = new Fuse(books, { keys: ['title', { name: 'by.name', weight: 0.5 }], includeScore: true, includeMatches: true, threshold: 0.4 })
export default { found: fuse.search('gardn').map(({ item, score, matches }) => [item.title, score.toFixed(6), matches.map(({ key }) => key)]), logical: fuse.search({ $and: [{ title: 'garden' }, { 'by.name': 'fenn' }] }).map(({ refIndex }) => refIndex), none: fuse.search('zzzz').length }
