import { load } from 'cheerio'

const $ = load('<ul id="list"><li class="a">One</li><li>Two <b>bold</b></li></ul><table><tr><td>1<td>2</table>')
$('li').first().addClass('first').attr('data-n', '1')
$('#list').append('<li>Three &amp; more</li>')
export default {
  items: $('li').map((_, one) => $(one).text()).get(),
  html: $('#list').html(),
  cells: $('td').length,
  parent: $('b').closest('li').index(),
  extracted: $.extract({ names: ['li'], first: { selector: 'li', value: 'class' } }),
  xml: load('<a><b/></a>', { xml: true }).xml(),
}
