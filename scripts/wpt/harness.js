// What a web-platform test expects of its surroundings, as far as it needs no document: evaluated in the guest before
// the scripts of each test. Every subtest is printed as a line when it is known and when it is over, so that a test
// which is stopped loses only what had not ended.
;(function (global) {
  'use strict'
  const { variant, path, mark } = global.__wpt
  delete global.__wpt
  const print = console.log.bind(console)
  const timer = setTimeout
  const { stringify } = JSON
  const say = (event, name, status, message) => print(mark + stringify([event, name, status, message]))

  const PASS = 0, FAIL = 1, TIMEOUT = 2, NOTRUN = 3, PRECONDITION_FAILED = 4
  const STATUS = ['PASS', 'FAIL', 'TIMEOUT', 'NOTRUN', 'PRECONDITION_FAILED']

  class AssertionError extends Error {}
  class OptionalFeatureUnsupportedError extends AssertionError {}
  const fail = (name, description, message) => {
    throw new AssertionError(`${name}: ${description === undefined || description === null ? '' : `${description} `}${message}`)
  }
  const assert = (isTrue, name, description, message) => {
    if (!isTrue) fail(name, description, typeof message === 'function' ? message() : message)
  }

  const replacements = { '\0': '\\0', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f', '\v': '\\v' }
  const format_value = (value, seen = []) => {
    switch (typeof value) {
      case 'string':
        return `"${value.replace(/[\0-\x1f\ud800-\udfff]/g, (c) => replacements[c] ?? `U+${c.charCodeAt(0).toString(16).padStart(4, '0')}`).replace(/"/g, '\\"')}"`
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value)
      case 'bigint':
        return `${value}n`
      case 'symbol':
      case 'boolean':
      case 'undefined':
        return String(value)
      case 'function':
        return `function "${value.name}"`
    }
    if (value === null) return 'null'
    if (Array.isArray(value)) {
      if (seen.includes(value)) return '[...]'
      return `[${value.slice(0, 50).map((item) => format_value(item, [...seen, value])).join(', ')}]`
    }
    try {
      return `${typeof value} "${String(value).slice(0, 200)}"`
    } catch {
      return 'an object that throws when it is made text'
    }
  }
  const same_value = (a, b) => (a !== a ? b !== b : a === 0 && b === 0 ? 1 / a === 1 / b : a === b)

  const CODES = {
    IndexSizeError: 1, HierarchyRequestError: 3, WrongDocumentError: 4, InvalidCharacterError: 5,
    NoModificationAllowedError: 7, NotFoundError: 8, NotSupportedError: 9, InUseAttributeError: 10,
    InvalidStateError: 11, SyntaxError: 12, InvalidModificationError: 13, NamespaceError: 14, InvalidAccessError: 15,
    TypeMismatchError: 17, SecurityError: 18, NetworkError: 19, AbortError: 20, URLMismatchError: 21,
    QuotaExceededError: 22, TimeoutError: 23, InvalidNodeTypeError: 24, DataCloneError: 25, EncodingError: 0,
    NotReadableError: 0, UnknownError: 0, ConstraintError: 0, DataError: 0, TransactionInactiveError: 0,
    ReadOnlyError: 0, VersionError: 0, OperationError: 0, NotAllowedError: 0, OptOutError: 0,
  }
  const codeNames = Object.fromEntries(Object.entries(CODES).filter(([, code]) => code !== 0).map(([name, code]) => [code, name]))
  const legacyNames = Object.fromEntries(Object.keys(CODES).filter((name) => CODES[name] !== 0).map((name) => [
    { QuotaExceededError: 'QUOTA_EXCEEDED_ERR', URLMismatchError: 'URL_MISMATCH_ERR' }[name]
      ?? `${name.replace(/Error$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}_ERR`, name]))

  const toThrown = (name, func, description) => {
    try {
      func.call(this)
    } catch (error) {
      return error
    }
    return fail(name, description, `${func} did not throw`)
  }
  const checkJs = (name, constructor, error, description) => {
    if (error instanceof AssertionError) throw error
    assert(typeof error === 'object' && error !== null, name, description, () => `threw ${format_value(error)}, not an object`)
    assert(error.constructor === constructor, name, description,
      () => `threw ${format_value(error)} (${format_value(error.name)}) expected instance of ${constructor.name}`)
    assert(error.name === constructor.name, name, description, () => `threw a ${error.name}, expected ${constructor.name}`)
  }
  const checkDom = (assertion, type, error, constructor, description) => {
    if (error instanceof AssertionError) throw error
    assert(typeof error === 'object' && error !== null, assertion, description, () => `threw ${format_value(error)}, not an object`)
    const name = typeof type === 'number' ? codeNames[type] : (legacyNames[type] ?? type)
    const code = CODES[name]
    if (code === undefined) throw new AssertionError(`Test bug: unknown DOMException name "${type}"`)
    assert('code' in error && error.code === code && (error.name === name || (error.name === name.toUpperCase() && error.name !== 'DOMException')), assertion, description,
      () => `threw ${format_value(error)} that is not a DOMException ${type}: code ${error.code}, expected ${code}`)
    assert(error.constructor === constructor, assertion, description, () => `threw an exception from the wrong global`)
  }
  const domArguments = (args) => (typeof args[0] === 'function' && (args.length > 1 && (typeof args[1] === 'function' || typeof args[1]?.then === 'function')) ? args : [global.DOMException, ...args])
  const checkQuota = (name, error, constructor, requested, quota, description) => {
    checkDomLike(name, error, constructor, description)
    for (const [key, expected] of [['requested', requested], ['quota', quota]]) {
      if (typeof expected === 'function') assert(expected(error[key]), name, description, () => `unexpected ${key} ${format_value(error[key])}`)
      else assert(error[key] === expected, name, description, () => `${key} is ${format_value(error[key])}, expected ${format_value(expected)}`)
    }
  }
  const checkDomLike = (name, error, constructor, description) => {
    if (error instanceof AssertionError) throw error
    assert(error?.name === 'QuotaExceededError' && error.code === 22, name, description, () => `threw ${format_value(error)}, expected a QuotaExceededError`)
    assert(error.constructor === constructor, name, description, 'threw an exception from the wrong global')
  }

  const number_assertions = {
    assert_less_than: ['less than', (a, b) => a < b],
    assert_greater_than: ['greater than', (a, b) => a > b],
    assert_less_than_equal: ['less than or equal to', (a, b) => a <= b],
    assert_greater_than_equal: ['greater than or equal to', (a, b) => a >= b],
  }
  const assertions = {
    assert_true: (actual, description) => assert(actual === true, 'assert_true', description, () => `expected true got ${format_value(actual)}`),
    assert_false: (actual, description) => assert(actual === false, 'assert_false', description, () => `expected false got ${format_value(actual)}`),
    assert_equals(actual, expected, description) {
      if (typeof actual !== typeof expected) fail('assert_equals', description, `expected (${typeof expected}) ${format_value(expected)} but got (${typeof actual}) ${format_value(actual)}`)
      assert(same_value(actual, expected), 'assert_equals', description, () => `expected ${format_value(expected)} but got ${format_value(actual)}`)
    },
    assert_not_equals: (actual, expected, description) => assert(!same_value(actual, expected), 'assert_not_equals', description, () => `got disallowed value ${format_value(actual)}`),
    assert_in_array: (actual, expected, description) => assert(expected.includes(actual), 'assert_in_array', description, () => `value ${format_value(actual)} not in array ${format_value(expected)}`),
    assert_object_equals(actual, expected, description) {
      assert(typeof actual === 'object' && actual !== null, 'assert_object_equals', description, () => `value is ${format_value(actual)}, expected object`)
      const check = (a, b, stack) => {
        stack.push(a)
        for (const key in a) {
          assert(Object.hasOwn(b, key), 'assert_object_equals', description, () => `unexpected property ${format_value(key)}`)
          if (typeof a[key] === 'object' && a[key] !== null) {
            if (!stack.includes(a[key])) check(a[key], b[key], stack)
          } else assert(same_value(a[key], b[key]), 'assert_object_equals', description, () => `property ${format_value(key)} expected ${format_value(b[key])} got ${format_value(a[key])}`)
        }
        for (const key in b) assert(Object.hasOwn(a, key), 'assert_object_equals', description, () => `expected property ${format_value(key)} missing`)
        stack.pop()
      }
      check(actual, expected, [])
    },
    assert_array_equals(actual, expected, description) {
      assert(typeof actual === 'object' && actual !== null && 'length' in actual, 'assert_array_equals', description, () => `value is ${format_value(actual)}, expected array`)
      assert(actual.length === expected.length, 'assert_array_equals', description, () => `lengths differ, expected array ${format_value(expected)} length ${expected.length}, got ${format_value(actual)} length ${actual.length}`)
      for (let i = 0; i < actual.length; i++) {
        assert(Object.hasOwn(actual, i) === Object.hasOwn(expected, i), 'assert_array_equals', description, () => `property ${i} expected to be ${Object.hasOwn(expected, i) ? 'present' : 'missing'}`)
        assert(same_value(expected[i], actual[i]), 'assert_array_equals', description, () => `expected property ${i} to be ${format_value(expected[i])} but got ${format_value(actual[i])}`)
      }
    },
    assert_array_approx_equals(actual, expected, epsilon, description) {
      assert(actual.length === expected.length, 'assert_array_approx_equals', description, () => `lengths differ, expected ${expected.length} got ${actual.length}`)
      for (let i = 0; i < actual.length; i++) assert(Math.abs(actual[i] - expected[i]) <= epsilon, 'assert_array_approx_equals', description, () => `property ${i}, expected ${expected[i]} +/- ${epsilon}, got ${actual[i]}`)
    },
    assert_approx_equals: (actual, expected, epsilon, description) => assert(typeof actual === 'number' && (actual === expected || Math.abs(actual - expected) <= epsilon), 'assert_approx_equals', description, () => `expected ${expected} +/- ${epsilon} but got ${format_value(actual)}`),
    assert_between_exclusive: (actual, lower, upper, description) => assert(actual > lower && actual < upper, 'assert_between_exclusive', description, () => `expected a number between ${lower} and ${upper}, got ${actual}`),
    assert_between_inclusive: (actual, lower, upper, description) => assert(actual >= lower && actual <= upper, 'assert_between_inclusive', description, () => `expected a number between ${lower} and ${upper}, got ${actual}`),
    assert_regexp_match: (actual, expected, description) => assert(expected.test(actual), 'assert_regexp_match', description, () => `expected ${expected} but got ${format_value(actual)}`),
    assert_class_string: (object, name, description) => assert({}.toString.call(object) === `[object ${name}]`, 'assert_class_string', description, () => `expected "[object ${name}]" but got ${format_value({}.toString.call(object))}`),
    assert_own_property: (object, name, description) => assert(Object.hasOwn(object, name), 'assert_own_property', description, () => `expected property ${format_value(name)} missing`),
    assert_not_own_property: (object, name, description) => assert(!Object.hasOwn(object, name), 'assert_not_own_property', description, () => `unexpected property ${format_value(name)} is found on object`),
    assert_inherits(object, name, description) {
      assert((typeof object === 'object' && object !== null) || typeof object === 'function', 'assert_inherits', description, 'provided value is not an object')
      assert(!Object.hasOwn(object, name), 'assert_inherits', description, () => `property ${format_value(name)} found on object expected in prototype chain`)
      assert(name in object, 'assert_inherits', description, () => `property ${format_value(name)} not found in prototype chain`)
    },
    assert_readonly(object, name, description) {
      const initial = object[name]
      try {
        try {
          object[name] = `${initial}a`
        } catch {}
        assert(same_value(object[name], initial), 'assert_readonly', description, () => `changing property ${format_value(name)} succeeded`)
      } finally {
        try {
          object[name] = initial
        } catch {}
      }
    },
    assert_throws_js: (constructor, func, description) => checkJs('assert_throws_js', constructor, toThrown('assert_throws_js', func, description), description),
    assert_throws_dom(type, ...rest) {
      const [constructor, func, description] = domArguments(rest)
      checkDom('assert_throws_dom', type, toThrown('assert_throws_dom', func, description), constructor, description)
    },
    assert_throws_quotaexceedederror(func, requested, quota, description) {
      checkQuota('assert_throws_quotaexceedederror', toThrown('assert_throws_quotaexceedederror', func, description), global.QuotaExceededError, requested, quota, description)
    },
    assert_throws_exactly(expected, func, description) {
      const error = toThrown('assert_throws_exactly', func, description)
      if (error instanceof AssertionError && error !== expected) throw error
      assert(same_value(error, expected), 'assert_throws_exactly', description, () => `threw ${format_value(error)} but we expected it to throw ${format_value(expected)}`)
    },
    assert_unreached: (description) => fail('assert_unreached', description, 'Reached unreachable code'),
    assert_any(assertion, actual, expected, ...args) {
      for (const one of expected) {
        try {
          return void assertion(actual, one, ...args)
        } catch {}
      }
      fail('assert_any', undefined, `${format_value(actual)} is none of ${format_value(expected)}`)
    },
    assert_implements: (condition, description) => assert(!!condition, 'assert_implements', description, ''),
    assert_implements_optional(condition, description) {
      if (!condition) throw new OptionalFeatureUnsupportedError(description)
    },
    promise_rejects_js: (test, constructor, promise, description) => promise.then(
      test.unreached_func(`Should have rejected: ${description}`), (error) => checkJs('promise_rejects_js', constructor, error, description)),
    promise_rejects_dom(test, type, ...rest) {
      const [constructor, promise, description] = domArguments(rest)
      return promise.then(test.unreached_func(`Should have rejected: ${description}`), (error) => checkDom('promise_rejects_dom', type, error, constructor, description))
    },
    promise_rejects_quotaexceedederror: (test, promise, requested, quota, description) => promise.then(
      test.unreached_func(`Should have rejected: ${description}`), (error) => checkQuota('promise_rejects_quotaexceedederror', error, global.QuotaExceededError, requested, quota, description)),
    promise_rejects_exactly: (test, expected, promise, description) => promise.then(test.unreached_func(`Should have rejected: ${description}`), (error) => {
      if (error instanceof AssertionError && error !== expected) throw error
      assert(same_value(error, expected), 'promise_rejects_exactly', description, () => `promise rejected with ${format_value(error)} but we expected it to reject with ${format_value(expected)}`)
    }),
  }
  assertions.assert_precondition = assertions.assert_implements_optional
  for (const [name, [words, holds]] of Object.entries(number_assertions)) {
    assertions[name] = (actual, expected, description) => {
      assert(typeof actual === typeof expected && (typeof actual === 'number' || typeof actual === 'bigint'), name, description, () => `expected a number, got ${format_value(actual)}`)
      assert(holds(actual, expected), name, description, () => `expected a number ${words} ${expected} but got ${actual}`)
    }
  }

  const tests = new Set()
  const completions = [], results = []
  const settings = {}
  let isLoaded = false, isExplicit = false, finish, unnamed = 0
  let queue = Promise.resolve(), single
  const completed = new Promise((resolve) => (finish = resolve))
  const checkEnd = () => {
    if (isLoaded && !isExplicit && tests.size === 0) finish()
  }

  class Test {
    constructor(name, properties = {}) {
      this.name = name === undefined || name === null ? `${settings.title ?? 'Untitled'}${++unnamed === 1 ? '' : ` ${unnamed}`}` : String(name)
      this.properties = properties
      this.status = NOTRUN
      this.message = null
      this.isDone = false
      this.cleanups = []
      tests.add(this)
      say('known', this.name)
    }
    step(func, receiver, ...args) {
      if (this.isDone) return undefined
      try {
        return func.apply(arguments.length < 2 ? this : receiver, args)
      } catch (error) {
        this.fail(error)
        this.done()
        return undefined
      }
    }
    fail(error) {
      if (this.isDone || this.status === FAIL) return
      this.status = error instanceof OptionalFeatureUnsupportedError ? PRECONDITION_FAILED : FAIL
      let message
      try {
        message = error instanceof AssertionError ? error.message : `${error?.name ?? 'thrown'}: ${error?.message ?? String(error)}${error?.stack === undefined ? '' : ` ${String(error.stack).split('\n').filter((line) => !/__wpt|harness/.test(line)).slice(0, 2).join(' ').trim()}`}`
      } catch {
        message = 'threw something that cannot be described'
      }
      this.message = message
    }
    step_func(func, receiver) {
      const test = this
      return function (...args) {
        return test.step(func, receiver ?? this, ...args)
      }
    }
    step_func_done(func, receiver) {
      const test = this
      return function (...args) {
        if (func !== undefined) test.step(func, receiver ?? this, ...args)
        test.done()
      }
    }
    unreached_func(description) {
      return this.step_func(() => assertions.assert_unreached(description))
    }
    step_timeout(func, delay, ...args) {
      return timer(this.step_func(() => func.apply(this, args)), delay)
    }
    step_wait_func(condition, func, description, timeout = 3000, interval = 100) {
      const end = Date.now() + timeout
      const poll = this.step_func(() => {
        if (condition()) func.call(this)
        else if (Date.now() >= end) assertions.assert_unreached(`Timed out waiting on condition: ${description}`)
        else timer(poll, interval)
      })
      poll()
    }
    step_wait_func_done(condition, func, ...rest) {
      this.step_wait_func(condition, () => {
        func?.()
        this.done()
      }, ...rest)
    }
    step_wait(condition, ...rest) {
      return new Promise((resolve) => this.step_wait_func(condition, resolve, ...rest))
    }
    add_cleanup(callback) {
      this.cleanups.push(callback)
    }
    get_signal() {
      this.controller ??= new AbortController()
      return this.controller.signal
    }
    force_timeout() {
      this.status = TIMEOUT
      this.done()
    }
    done() {
      if (this.isDone) return undefined
      if (this.status === NOTRUN) this.status = PASS
      this.isDone = true
      return this.end()
    }
    end() {
      const waits = []
      const broke = (error) => {
        if (this.status === PASS) {
          this.status = FAIL
          this.message = `cleanup failed: ${error?.message ?? error}`
        }
      }
      for (const callback of this.cleanups.splice(0)) {
        try {
          const wait = callback.call(this)
          if (typeof wait?.then === 'function') waits.push(Promise.resolve(wait).catch(broke))
        } catch (error) {
          broke(error)
        }
      }
      const report = () => {
        say('over', this.name, usesServer(this) ? 'SERVER' : STATUS[this.status], this.message)
        results.push(this)
        for (const callback of resultCallbacks) callback(this)
        tests.delete(this)
        this.ended?.()
        checkEnd()
      }
      this.controller?.abort()
      if (waits.length === 0) report()
      else void Promise.all(waits).then(report)
    }
  }
  Object.assign(Test.prototype, { PASS, FAIL, TIMEOUT, NOTRUN, PRECONDITION_FAILED })
  Object.assign(Test, { statuses: Object.fromEntries(STATUS.map((name, index) => [name, index])) })
  const resultCallbacks = []
  const usesServer = ({ status, message }) => status === FAIL && /fetch failed: name not found|PermissionDenied: net |'?XMLHttpRequest'? is not defined/.test(message)


  const harness = {
    test(func, name, properties) {
      const test = new Test(name, properties)
      const value = test.step(func, test, test)
      if (value !== undefined && !test.isDone && typeof value?.then === 'function') test.fail(new AssertionError('test() got a promise; use promise_test()'))
      test.done()
    },
    async_test(func, name, properties) {
      if (typeof func !== 'function') [func, name, properties] = [undefined, func, name]
      const test = new Test(name, properties)
      if (func !== undefined) test.step(func, test, test)
      return test
    },
    promise_test(func, name, properties) {
      const test = new Test(name, properties)
      queue = queue.then(() => new Promise((resolve) => {
        test.ended = resolve
        let promise
        test.step(() => {
          promise = func.call(test, test)
          if (typeof promise?.then !== 'function') throw new AssertionError('promise_test: the function returned no promise')
          Promise.resolve(promise).then(() => test.done(), (error) => {
            test.fail(error)
            test.done()
          })
        })
      }))
      return undefined
    },
    promise_setup(func, properties = {}) {
      Object.assign(settings, properties)
      queue = queue.then(() => func()).catch((error) => {
        say('broken', `promise_setup: ${error?.message ?? error}`)
      })
    },
    setup(func, properties) {
      const given = typeof func === 'function' ? properties : func
      Object.assign(settings, given)
      if (given?.explicit_done === true) isExplicit = true
      if (given?.single_test === true) single = new Test(settings.title)
      if (typeof func === 'function') func()
    },
    done() {
      if (single !== undefined) return single.done()
      isExplicit = false
      isLoaded = true
      return checkEnd()
    },
    generate_tests(func, args, properties) {
      args.forEach(([name, ...rest], i) => harness.test(() => func(...rest), name, Array.isArray(properties) ? properties[i] : properties))
    },
    step_timeout: (func, delay, ...args) => timer(() => func(...args), delay),
    add_result_callback: (callback) => void resultCallbacks.push(callback),
    add_completion_callback: (callback) => void completions.push(callback),
    add_start_callback() {},
    fetch_tests_from_worker() {},
    format_value,
    AssertionError,
    OptionalFeatureUnsupportedError,
  }

  /** Waits for events in a given order. */
  harness.EventWatcher = class EventWatcher {
    constructor(test, target, types, timeoutPromise) {
      const list = Array.isArray(types) ? types : [types]
      let waiting = null, recorded = null
      const onEvent = test.step_func((event) => {
        assertions.assert_true(waiting !== null, `Not expecting event, but got ${event.type} event`)
        assertions.assert_equals(event.type, waiting.types[0], `Expected ${waiting.types[0]} event, but got ${event.type} event instead`)
        recorded?.push(event)
        if (waiting.types.length > 1) return void waiting.types.shift()
        const { resolve } = waiting
        waiting = null
        const result = recorded ?? event
        recorded = null
        resolve(result)
      })
      for (const type of list) target.addEventListener(type, onEvent, false)
      const stop = () => {
        for (const type of list) target.removeEventListener(type, onEvent, false)
      }
      test.add_cleanup(stop)
      this.stop_watching = stop
      this.wait_for = (names, options) => {
        if (waiting !== null) return Promise.reject('Already waiting for an event or events')
        const expected = Array.isArray(names) ? [...names] : [names]
        recorded = options?.record === 'all' ? [] : null
        return new Promise((resolve, reject) => {
          waiting = { types: expected, resolve, reject }
          timeoutPromise?.().then(() => {
            waiting = null
            test.force_timeout()
          })
        })
      }
    }
  }

  for (const [name, value] of [...Object.entries(assertions), ...Object.entries(harness)]) {
    Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false })
  }
  const define = (name, value) => Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false })
  if (!('self' in global)) define('self', global)
  // A page has no CommonJS, and some scripts look for it.
  for (const name of ['module', 'exports', 'require']) define(name, undefined)
  // Scripts about interfaces ask where they are.
  for (const name of ['WorkerGlobalScope', 'DedicatedWorkerGlobalScope']) define(name, class { static [Symbol.hasInstance](value) { return value === global } })
  define('GLOBAL', { isWindow: () => false, isWorker: () => true, isShadowRealm: () => false })
  const origin = 'https://web-platform.test'
  const location = new URL(`${origin}/${path}${variant}`)
  define('location', {
    href: location.href, origin, protocol: 'https:', host: location.host, hostname: location.hostname, port: '',
    pathname: location.pathname, search: location.search, hash: location.hash, toString: () => location.href,
  })

  if (typeof global.addEventListener === 'function') {
    global.addEventListener('error', (event) => {
      event.preventDefault()
      if (settings.allow_uncaught_exception !== true) say('broken', event.message)
    })
  }
  define('fetch_json', async (resource) => (await global.fetch(resource)).json())

  define('__wptEnd', (title) => {
    settings.title ??= title
    isLoaded = true
    checkEnd()
    return completed.then(() => {
      for (const callback of completions) callback(results, { status: 0, message: null })
      say('end')
    })
  })
})(globalThis)
