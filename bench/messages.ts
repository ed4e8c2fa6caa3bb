/** What a process that holds one arm says: once `ready` or `failed`, then an answer to each `burst`. */
export type FromArm =
  | { readonly type: 'ready' }
  | { readonly type: 'samples'; readonly samples: readonly number[] }
  | { readonly type: 'failed'; readonly reason: string }

export interface ToArm {
  readonly type: 'burst'
}
