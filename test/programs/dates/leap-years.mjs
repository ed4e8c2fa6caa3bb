const isLeap = (year) => new Date(year, 1, 29).getMonth() === 1
console.log([1900, 2000, 2023, 2024].filter(isLeap))
