import { describe, expect, it } from 'vitest'
import type { TcpConnector } from '../../../capabilities/tcp/connector.js'
import { tcp } from '../../../capabilities/tcp/node.js'
import { tcpOver } from '../../../capabilities/tcp/over.js'
import { Tcp, openTcp } from '../../../capabilities/tcp/tcp.js'
import { http } from '../../../capabilities/net/node.js'
import { toGrants } from '../../../src/grants.js'
import { admitUnder, describeGrants } from '../../../src/policy.js'

const refused = (message: RegExp) => expect.objectContaining({ name: 'GloveboxError', code: 'invalid-grant', message: expect.stringMatching(message) })
const thrownBy = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}

describe('tcp()', () => {
  it('names each endpoint in its reach, and what leaves', () => {
    expect(tcp(['DB.example.test:5432', '[2001:db8::1]:80', '10.0.0.5:6379'], { allowPrivateAddresses: ['10.0.0.5', '2001:db8::/32'] }).reach()).toEqual([
      { capability: 'net', target: 'tcp://db.example.test:5432', acts: 'connect, connect to 10.0.0.5, connect to 2001:db8::/32', labels: ['external'] },
      { capability: 'net', target: 'tcp://[2001:db8::1]:80', acts: 'connect, connect to 10.0.0.5, connect to 2001:db8::/32', labels: ['external'] },
      { capability: 'net', target: 'tcp://10.0.0.5:6379', acts: 'connect, connect to 10.0.0.5, connect to 2001:db8::/32', labels: ['external'] },
    ])
  })

  it('grants nothing with an empty list', () => {
    expect(tcp([]).reach()).toEqual([])
  })

  it('is frozen, and what was passed may change', () => {
    const targets = ['a.test:1']
    const grant = tcp(targets)
    targets.push('b.test:2')
    expect(grant.reach()).toHaveLength(1)
    expect(Object.isFrozen(grant)).toBe(true)
  })

  it.each([
    'a.test', 'a.test:', ':80', 'a.test:0', 'a.test:080', 'a.test:65536', 'a.test:-1', 'a.test:8e1', '*.test:80', '*:80', 'a.test:*', 'tcp://a.test:80', 'a.test:80/', 'a@b.test:80',
    'a.test.:80', 'a..test:80', ' a.test:80', 'a.test:80\n', 'ä.test:80', '127.1:80', '0x7f.1:80', '2130706433:80', '0177.0.0.1:80', '::1:80', '[::1', '[0:0::1]:80', '',
  ])('refuses the endpoint %j', (target) => {
    expect(thrownBy(() => tcp([target], { allowPrivateAddresses: ['127.0.0.0/8', '::1'] }))).toEqual(refused(/Cannot grant "tcp"/))
  })

  it.each(['127.0.0.1:80', '10.0.0.1:80', '169.254.169.254:80', '[::1]:80', '[::ffff:7f00:1]:80', '[fe80::1]:80', '0.0.0.0:80', '255.255.255.255:80'])(
    'refuses the private address %s unless it is named',
    (target) => {
      expect(thrownBy(() => tcp([target]))).toEqual(refused(/no public address; add allowPrivateAddresses|canonical/))
    },
  )

  it.each<[string, unknown, unknown, RegExp]>([
    ['a text for a list', 'a.test:80', {}, /expected a list/],
    ['nothing', undefined, {}, /expected a list/],
    ['a number in the list', [80], {}, /expected a text/],
    ['an endpoint twice', ['a.test:80', 'A.test:80'], {}, /twice/],
    ['an unknown option', ['a.test:80'], { allowPrivateAddress: ['10.0.0.1'] }, /unknown option "allowPrivateAddress"/],
    ['null for options', ['a.test:80'], null, /expected an object of options/],
    ['everything as a private range', ['a.test:80'], { allowPrivateAddresses: ['0.0.0.0/0'] }, /Cannot grant "tcp".*nearly everything/],
    ['a malformed range', ['a.test:80'], { allowPrivateAddresses: ['10.0.0'] }, /Cannot grant "tcp"/],
    ['no bytes', ['a.test:80'], { maxBytesIn: 0 }, /maxBytesIn is 0/],
    ['endless bytes', ['a.test:80'], { maxBytesOut: Infinity }, /maxBytesOut is Infinity/],
    ['an unknown label', ['a.test:80'], { labels: ['public'] }, /"public"/],
    ['no time to connect', ['a.test:80'], { connectTimeoutMs: 0 }, /connectTimeoutMs is 0/],
    ['a resolver that is none', ['a.test:80'], { resolve: 'dns' }, /resolve: expected a function/],
  ])('refuses %s', (_title, targets, options, message) => {
    expect(thrownBy(() => tcp(targets as string[], options as object))).toEqual(refused(message))
  })

  it('refuses a connector that is none', () => {
    expect(thrownBy(() => tcpOver({} as TcpConnector, []))).toEqual(refused(/connector needs the methods/))
  })
})

describe('openTcp()', () => {
  it.each([['a look-alike', { kind: 'net', reach: () => [] }], ['an HTTP grant', http([])], ['a forged one', Object.create(Tcp.prototype)], ['null', null]])('refuses %s', (_title, value) => {
    expect(thrownBy(() => openTcp(value))).toEqual(refused(/expected the value of tcp\(\)/))
    expect(thrownBy(() => toGrants({ tcp: value as Tcp }))).toEqual(refused(/expected the value of tcp\(\)/))
  })
})

describe('grants.tcp', () => {
  it('is described', () => {
    expect(describeGrants(toGrants({ tcp: tcp(['db.test:5432']) })).text).toBe('net tcp://db.test:5432: connect [external]')
  })

  it('is bounded by the ceiling: endpoints, and the private addresses they may be at', () => {
    const ceiling = toGrants({ tcp: tcp(['db.test:5432', 'cache.test:6379']) })
    expect(thrownBy(() => admitUnder(ceiling, toGrants({ tcp: tcp(['db.test:5432']) })))).toBeUndefined()
    for (const wider of [tcp(['db.test:5433']), tcp(['other.test:5432']), tcp(['db.test:5432'], { allowPrivateAddresses: ['10.0.0.5'] })]) {
      expect(thrownBy(() => admitUnder(ceiling, toGrants({ tcp: wider })))).toMatchObject({ code: 'exceeds-ceiling' })
    }
  })

  it('is no HTTP grant, and an HTTP grant is none', () => {
    const net = http([{ url: 'https://db.test:5432/**' }])
    expect(thrownBy(() => admitUnder(toGrants({ net }), toGrants({ tcp: tcp(['db.test:5432']) })))).toMatchObject({ code: 'exceeds-ceiling' })
  })
})
