/** Bun's WebSocket does more than a browser's: it sends headers, and can end without a goodbye. */
export interface BunSocket extends WebSocket {
  terminate(): void;
}

export const BunSocket = WebSocket as unknown as new (
  url: string,
  options: { headers: Record<string, string>; protocols: string[]; tls?: { ca: string } },
) => BunSocket;
