import Handlebars from 'handlebars'

const engine = Handlebars.create()
engine.registerHelper('loud', (text) => String(text).toUpperCase())
engine.registerHelper('link', ({ hash }) => new Handlebars.SafeString(`<a href="${hash.to}">${Handlebars.escapeExpression(hash.text)}</a>`))
engine.registerPartial('row', '<li>{{@index}}: {{loud name}}{{#unless @last}},{{/unless}}</li>')
const render = engine.compile('<ul>{{#each people}}{{> row}}{{else}}none{{/each}}</ul>{{{link to="/x" text="<b>"}}} {{title}}')
let broken
try {
  engine.compile('{{#if}}')({})
} catch (error) {
  broken = error.message.split('\n')[0]
}
export default { full: render({ people: [{ name: 'Ada' }, { name: 'Bo' }], title: 'A & B' }), empty: render({ people: [] }), broken }
