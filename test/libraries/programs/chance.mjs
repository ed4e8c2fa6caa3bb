import Chance from 'chance'

const chance = new Chance(42)
export default { name: chance.name(), integer: chance.integer({ min: 1, max: 100 }), sentence: chance.sentence({ words: 5 }), date: chance.date({ year: 2026 }).toISOString(), pick: chance.pickset(['a', 'b', 'c', 'd'], 2), guid: chance.guid(), dice: chance.rpg('3d6'), weighted: chance.weighted(['x', 'y'], [100, 1]), same: new Chance('seed').hash() === new Chance('seed').hash() }
