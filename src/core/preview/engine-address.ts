/** The host that an engine's address names; empty where the engine is on this machine. */
export function hostOf(address: string): string {
  const [, host = ''] = /^(?:ssh|tcp|https?):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(address) ?? [];
  return host;
}
