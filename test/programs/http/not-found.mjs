const response = await fetch(`${process.env.ORIGIN}/nothing`)
if (!response.ok) console.log(`failed with ${response.status}: ${(await response.json()).error}`)
