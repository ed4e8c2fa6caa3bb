import TurndownService from 'turndown'

const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced' })
export default service.turndown('<h1>Title</h1><p>Some <em>text</em> and <a href="/x">link</a></p><ul><li>a</li><li>b</li></ul><pre><code>let x</code></pre>')
