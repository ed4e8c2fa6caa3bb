export default 'the wind in the willows'.replace(/\b\w/g, (letter) => letter.toUpperCase())
