import * as he from 'he'

export default { decoded: he.decode('&lt;p&gt; caf&eacute; &#x1F600; &amp;amp; &notit; &nbsp;.'), encoded: he.encode('foo © bar ≠ baz 𝌆 qux'), named: he.encode('ü < ÿ', { useNamedReferences: true }), escaped: he.escape('<img src="x" onerror=\'y\'>') }
