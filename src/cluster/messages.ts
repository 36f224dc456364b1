import type { CollectedMetrics, Exposition } from '../adapters/prometheus-sum.ts';

/** What a serving process tells the one that started it. */
export type FromWorker =
  | { readonly kind: 'listening'; readonly url: string; readonly mailProvider: string | undefined }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'own metrics'; readonly question: number; readonly metrics: CollectedMetrics }
  | { readonly kind: 'ask for metrics'; readonly question: number };

/** What it is told. */
export type ToWorker =
  | { readonly kind: 'stop' }
  | { readonly kind: 'tell metrics'; readonly question: number }
  | { readonly kind: 'all metrics'; readonly question: number; readonly exposition: Exposition };
