/** An address that a preview is reached by. */
export interface PreviewUrl {
  /** The service behind it. */
  readonly name: string;
  readonly url: string;
}

/** Where a preview stands, as people are told. */
export type PreviewState =
  | { readonly kind: 'building' }
  | {
      readonly kind: 'ready';
      readonly urls: readonly PreviewUrl[];
      /** When it is taken down by itself, RFC 3339. */
      readonly expires: string;
    }
  | { readonly kind: 'failed'; readonly title: string; readonly text: string }
  | { readonly kind: 'closed'; readonly because: 'closed' | 'expired' };
