import { parse } from 'node-html-parser'

const root = parse('<main id="m"><p class="a b">Hi <b>there</b></p><p>Two</p><!-- gone --></main>')
root.querySelector('p').setAttribute('title', 'x & y')
root.querySelectorAll('p')[1].remove()
export default { text: root.text, html: root.toString(), classes: [...root.querySelector('.a').classList.values()], found: root.querySelector('main > p b')?.innerText, attributes: root.querySelector('p').attributes }
