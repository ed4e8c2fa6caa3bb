const fibonacci = (n, memo = new Map()) => n < 2n ? n : memo.get(n) ?? (memo.set(n, fibonacci(n - 1n, memo) + fibonacci(n - 2n, memo)), memo.get(n))
console.log(fibonacci(90n), String(fibonacci(200n)))
