const sort = ([pivot, ...rest]) => pivot === undefined ? [] : [...sort(rest.filter((n) => n < pivot)), pivot, ...sort(rest.filter((n) => n >= pivot))]
console.log(sort([5, 3, 9, 1, 5, 8, -2]))
