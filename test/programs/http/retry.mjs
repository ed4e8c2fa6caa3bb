const retry = async (work, times) => {
  for (let i = 1; ; i++) {
    try {
      return await work(i)
    } catch (error) {
      console.log(`try ${i}: ${error.message}`)
      if (i === times) throw error
    }
  }
}
console.log(await retry(async (i) => { if (i < 3) throw new Error('busy'); return (await fetch(`${process.env.ORIGIN}/people`)).status }, 5))
