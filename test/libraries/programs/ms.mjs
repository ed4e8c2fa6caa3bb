import ms from 'ms'

export default { parsed: ['2 days', '1.5h', '-3 min', '1y', 'x'].map((text) => ms(text)), short: ms(60_000), long: ms(2 * 3_600_000, { long: true }) }
