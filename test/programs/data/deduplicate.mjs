const people = [{ email: 'A@x.example', n: 1 }, { email: 'a@x.example', n: 2 }, { email: 'b@x.example', n: 3 }]
const unique = [...new Map(people.map((person) => [person.email.toLowerCase(), person])).values()]
console.log(JSON.stringify(unique, null, 2))
