export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The status of who answered, or why nobody did. */
export type WebhookAnswer = { readonly status: number } | { readonly fault: string };

/** Posts to addresses that others have chosen, and never to one that is not public. */
export interface WebhookSender {
  /** Why nothing is ever posted to a URL, for people; undefined when it may be tried. */
  objectionTo(url: string): string | undefined;
  /** Within 15 seconds, and following no redirect. */
  post(request: WebhookRequest): Promise<WebhookAnswer>;
}
