export { createSandbox, type Sandbox, type SandboxStats } from './sandbox.js'
export type { GloveboxEvent, RunOptions, SandboxOptions } from './options.js'
export type { Component, ComponentEngine, ComponentSource, HostFunction, Interfaces } from './load.js'
export type { CommandOptions, ComponentCallOptions, FetchOptions, LoadOptions } from './component-options.js'
export type { Grants, Stdin } from './grants.js'
export type { BlastRadius } from './policy.js'
export type { Engine, ProgramEngine } from './engine.js'
export { GloveboxError, ERROR_CODES, type ErrorCode } from './errors.js'
export { DEFAULT_LIMITS, type Limits } from './limits.js'
export { STOP_REASONS, type CapabilityKind, type ConsoleLine, type GuestError, type LedgerEntry, type RunResult, type StopReason, type Usage } from './result.js'
export { quickjs, type QuickjsOptions } from './quickjs/engine.js'
export { Denied, GuestVisibleError, type Capability, type Reach } from '../capabilities/capability.js'
export { coarse, fixedClock, steppedClock, type Clock, type SteppedClockOptions } from '../capabilities/clock/clock.js'
export { seededRandom, type Random } from '../capabilities/random/random.js'
export { describeTools, type DescribeToolsOptions } from '../capabilities/tool/declare.js'
export { defineTool, type StandardSchema, type Tool, type ToolContext, type ToolOptions } from '../capabilities/tool/tool.js'
export {
  appendOnly, copyOnWrite, labelled, limited, memoryDir, noDelete, readOnly, subdir,
  type Change, type CopyOnWriteDir, type Dir, type DirLabel, type Listed, type MemoryDir, type MemoryDirOptions, type Quota,
} from '../capabilities/fs/index.js'
export {
  TransportError, httpOver,
  type HeaderSource, type Net, type NetOptions, type NetRule, type RequestTimeouts, type StreamedBody, type Transport, type TransportFailure,
  type TransportRequest, type TransportResponse,
} from '../capabilities/net/index.js'
export type { Tcp, TcpOptions } from '../capabilities/tcp/index.js'
export { secret, type Secret } from '../capabilities/secret/index.js'
