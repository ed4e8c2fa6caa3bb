import path from 'node:path'
console.log(path.join('/a', '..', 'b', './c.txt'), path.basename('/x/y.tar.gz', '.gz'), path.parse('/home/u/f.txt'), path.relative('/a/b/c', '/a/d'), path.resolve('/x', '../y'), path.normalize('a//b/../c/'), path.isAbsolute('a'))
