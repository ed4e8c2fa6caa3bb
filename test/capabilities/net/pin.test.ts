import { describe, expect, it } from 'vitest'
import { createAddressCheck, isAddress, isSameAddress } from '../../../capabilities/net/addresses.js'
import { connectPinned } from '../../../capabilities/net/pin.js'

const publicOnly = createAddressCheck([])
const connection = (remoteAddress: string | undefined) => {
  const state = {
    remoteAddress,
    isDestroyed: false,
    destroy: () => {
      state.isDestroyed = true
    },
  }
  return state
}

describe('connectPinned()', () => {
  it('refuses a connection that stands elsewhere than where it was sent, and closes it', async () => {
    for (const elsewhere of ['127.0.0.1', '::ffff:127.0.0.1', '9.9.9.9', '', undefined]) {
      const opened = connection(elsewhere)
      await expect(
        connectPinned(
          'api.test',
          publicOnly,
          async () => ['8.8.8.8'],
          async () => opened,
        ),
      ).rejects.toMatchObject({ failure: 'address' })
      expect(opened.isDestroyed).toBe(true)
    }
  })

  it('takes the mapped form a dual-stack socket reports', async () => {
    const opened = connection('::ffff:8.8.8.8')
    expect(
      await connectPinned(
        'api.test',
        publicOnly,
        async () => ['8.8.8.8'],
        async () => opened,
      ),
    ).toBe(opened)
  })

  it('does not ask a resolver about literal addresses, and checks them', async () => {
    const resolve = () => Promise.reject(new Error('asked'))
    const connect = () => Promise.reject(new Error('connected'))
    for (const literal of ['127.0.0.1', '[::1]', '::ffff:10.0.0.1', '[::ffff:a00:1]']) {
      await expect(connectPinned(literal, publicOnly, resolve, connect)).rejects.toMatchObject({ failure: 'address' })
    }
  })

  it('tries the next checked address when one does not answer, and tells the last failure', async () => {
    const tried: string[] = []
    const connect = async (address: string) => {
      tried.push(address)
      if (address !== '1.1.1.1') throw new Error(`no ${address}`)
      return connection(address)
    }
    await connectPinned('api.test', publicOnly, async () => ['8.8.8.8', '8.8.8.8', '1.1.1.1'], connect)
    expect(tried).toEqual(['8.8.8.8', '1.1.1.1'])
    await expect(connectPinned('api.test', publicOnly, async () => ['8.8.8.8', '8.8.4.4'], connect)).rejects.toThrow(
      'no 8.8.4.4',
    )
  })
})

describe('createAddressCheck()', () => {
  it('takes public addresses and those that are named', () => {
    const check = createAddressCheck(['10.1.0.0/16', '::1', '127.0.0.1'])
    expect(
      ['8.8.8.8', '::ffff:8.8.8.8', '2606:4700::1111', '10.1.2.3', '::ffff:10.1.2.3', '::1', '127.0.0.1'].filter(
        (address) => !check(address),
      ),
    ).toEqual([])
    expect(['10.2.0.1', '127.0.0.2', '::2', '::ffff:10.2.0.1', 'fd00::1'].filter(check)).toEqual([])
  })
})

describe('isAddress()', () => {
  it('knows one spelling of each', () => {
    expect(['127.0.0.1', '[::1]', '::1'].every(isAddress)).toBe(true)
    expect(
      ['127.1', '0x7f.0.0.1', '0177.0.0.1', '2130706433', 'fe80::1%lo', 'a.test', '', '1.2.3.4.5'].some(isAddress),
    ).toBe(false)
    expect(isSameAddress('::ffff:1.2.3.4', '1.2.3.4')).toBe(true)
    expect(isSameAddress('', '')).toBe(false)
  })
})
