import Mustache from 'mustache'

export default {
  html: Mustache.render('{{#people}}{{name}} ({{> age}}){{^last}}, {{/last}}{{/people}}{{{raw}}}{{esc}}', { people: [{ name: 'Ada', n: 36 }, { name: 'Bo', n: 41, last: true }], raw: '<i>', esc: '<b>' }, { age: '{{n}} years' }),
  lambda: Mustache.render('{{#bold}}{{x}}{{/bold}}', { x: 1, bold: () => (text, render) => `<b>${render(text)}</b>` }),
  tags: Mustache.render('<% x %>', { x: 2 }, {}, ['<%', '%>']),
  parsed: Mustache.parse('a{{b}}').map(([kind]) => kind),
}
