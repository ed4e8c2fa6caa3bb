import type { GuestCore } from '../core.js'
import { nodeError } from './node/errors.js'

const SIGNALS = 'SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM'.split(' ')
const ERRORS: Readonly<Record<string, number>> = { EPERM: 1, ENOENT: 2, EIO: 5, EBADF: 9, EAGAIN: 11, ENOMEM: 12, EACCES: 13, EEXIST: 17, EXDEV: 18, ENOTDIR: 20, EISDIR: 21, EINVAL: 22, EMFILE: 24, EFBIG: 27, ENOSPC: 28, EROFS: 30, EPIPE: 32, ENOSYS: 38, ENOTEMPTY: 39, ELOOP: 40 }
/** Memory that a guest is told of, whatever the machine has: what it may take is a limit of its call. */
const MEMORY = 256 << 20

/** Node's `os`: the same in every sandbox, so that a program learns nothing of the machine. */
export default (_core: GuestCore) => {
  const signals: Record<string, number> = {}
  for (const [index, name] of SIGNALS.entries()) signals[name] = index + 1
  const cpu = () => ({ model: 'WebAssembly', speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } })
  return {
    EOL: '\n',
    devNull: '/dev/null',
    constants: Object.freeze({
      signals: Object.freeze(signals),
      errno: Object.freeze({ ...ERRORS }),
      priority: Object.freeze({ PRIORITY_LOW: 19, PRIORITY_BELOW_NORMAL: 10, PRIORITY_NORMAL: 0, PRIORITY_ABOVE_NORMAL: -7, PRIORITY_HIGH: -14, PRIORITY_HIGHEST: -20 }),
    }),
    arch: () => 'wasm32',
    availableParallelism: () => 1,
    cpus: () => [cpu()],
    endianness: () => 'LE',
    freemem: () => MEMORY,
    getPriority: () => 0,
    homedir: () => '/',
    hostname: () => 'glovebox',
    loadavg: () => [0, 0, 0],
    machine: () => 'wasm32',
    networkInterfaces: () => ({}),
    platform: () => 'wasm',
    release: () => '1.0.0',
    setPriority: (): never => {
      throw nodeError(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'os.setPriority is not available in a sandbox: how long a call may run is set by its limits')
    },
    tmpdir: () => '/tmp',
    totalmem: () => MEMORY,
    type: () => 'WebAssembly',
    uptime: () => performance.now() / 1000,
    userInfo: () => ({ uid: -1, gid: -1, username: 'guest', homedir: '/', shell: null }),
    version: () => 'glovebox',
  }
}
