const response = await fetch(`${process.env.ORIGIN}/text`)
const decoder = new TextDecoder()
let text = ''
for await (const chunk of response.body) text += decoder.decode(chunk, { stream: true })
console.log(JSON.stringify(text + decoder.decode()))
