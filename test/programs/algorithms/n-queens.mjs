const place = (n, rows = []) => rows.length === n ? 1 : Array.from({ length: n }, (_, c) => c).filter((c) => rows.every((r, i) => r !== c && Math.abs(r - c) !== rows.length - i)).reduce((sum, c) => sum + place(n, [...rows, c]), 0)
console.log(place(6))
