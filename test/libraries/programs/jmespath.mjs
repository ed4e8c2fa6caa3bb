import jmespath from 'jmespath'

const data = { people: [{ name: 'Ada', age: 36, tags: ['x'] }, { name: 'Bo', age: 41, tags: ['y', 'z'] }] }
export default ['people[?age > `40`].name', 'people[].tags[]', 'sort_by(people, &age)[-1].name', 'people[*].{n: name, t: length(tags)}', 'max(people[].age)'].map((path) => jmespath.search(data, path))
