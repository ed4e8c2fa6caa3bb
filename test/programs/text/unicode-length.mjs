const texts = ['héllo', '👍🏽', 'e\u0301', 'family: 👨‍👩‍👧']
for (const text of texts) console.log(text.length, [...text].length, [...new Intl.Segmenter('en').segment(text)].length)
