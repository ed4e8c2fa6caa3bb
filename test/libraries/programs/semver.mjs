import semver from 'semver'

export default { max: semver.maxSatisfying(['1.2.3', '1.3.0-rc.1', '1.2.9', '2.0.0'], '^1.2.0'), inc: semver.inc('1.2.3-beta.1', 'prerelease'), diff: semver.diff('1.2.3', '1.3.0'), coerce: semver.coerce('v3.4 beta').version, range: new semver.Range('>=1.2 <2 || ~3.1').range, sorted: ['1.10.0', '1.9.0', '1.9.0-a'].sort(semver.compare), bad: semver.valid('1.2'), intersects: semver.intersects('^1.2', '~1.4.1') }
