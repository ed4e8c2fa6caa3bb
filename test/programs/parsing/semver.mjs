const compare = (a, b) => { const [x, y] = [a, b].map((text) => text.split('.').map(Number)); return x.map((part, i) => part - y[i]).find(Boolean) ?? 0 }
console.log(['1.10.0', '1.2.0', '0.9.9', '1.2.10'].sort(compare))
