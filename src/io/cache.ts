/** Folders of files that outlive a run, by key. Nothing here throws: a cache is a help, never a need. */
export interface Cache {
  /** True once the folder holds the entry. */
  restore(key: string, folder: string, signal: AbortSignal): Promise<boolean>;
  save(key: string, folder: string, signal: AbortSignal): Promise<'saved' | 'taken' | 'refused' | 'failed'>;
}

/** A cache that has nothing and takes nothing. */
export const noCache: Cache = { restore: async () => false, save: async () => 'refused' };
