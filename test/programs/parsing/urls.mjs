const { protocol, host, port, pathname, search, hash, origin } = new URL('https://user@example.com:8443/a/../b/c?q=1#top')
console.log({ protocol, host, port, pathname, search, hash, origin }, URL.canParse('not a url'), new URL('../x', 'https://example.com/a/b/c').href)
