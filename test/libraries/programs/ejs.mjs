import ejs from 'ejs'

let broken
try {
  ejs.render('<% if (x) { %>', { x: 1 })
} catch (error) {
  broken = error.name
}
export default { html: ejs.render('<ul><% for (const one of list) { -%>\n<li><%= one %></li>\n<% } -%>\n</ul><%- raw %>', { list: ['a', '<b>'], raw: '<i>' }), later: await ejs.render('<%= await Promise.resolve(n) %>', { n: 3 }, { async: true }), broken }
