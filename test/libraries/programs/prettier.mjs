import * as babel from 'prettier/plugins/babel'
import * as estree from 'prettier/plugins/estree'
import * as markdown from 'prettier/plugins/markdown'
import * as prettier from 'prettier/standalone'

const plugins = [babel, estree, markdown]
export default {
  js: await prettier.format('const f=async({a,b:[c]},...d)=>{if(a)return await c;else{throw new Error(`x${d}`)}}', { parser: 'babel', plugins, semi: false, singleQuote: true }),
  json: await prettier.format('{"a":[1,2,{"b":null}]}', { parser: 'json', plugins }),
  markdown: await prettier.format('* a\n* b\n\n|x|yy|\n|-|-|\n|1|2|', { parser: 'markdown', plugins }),
  broken: await prettier.format('let = (', { parser: 'babel', plugins }).catch(({ name }) => name),
}
