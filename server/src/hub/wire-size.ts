/**
 * How many bytes of the link something takes: an estimate. It leaves out the acknowledgements of what comes in, most of
 * which travel with an answer, and what TCP has to send again.
 */

/** Bytes that a full packet carries: 1,500 of Ethernet less the headers of IPv4 and TCP, with the timestamps Linux sends. */
export const PACKET_PAYLOAD = 1_448;

/** Headers of a packet: Ethernet 14, IPv4 20 (RFC 791), TCP 20 (RFC 9293), timestamps 12 (RFC 7323). */
const PACKET_HEADERS = 66;

/** What TLS 1.3 adds to a record (RFC 8446, 5.2). Always counted: whether a proxy in front speaks TLS is not known here. */
const TLS_RECORD = 22;

/** Where a frame's header grows, and its size up to there (RFC 6455, 5.2). */
const FRAME_HEADERS = [
  { below: 126, bytes: 2 },
  { below: 65_536, bytes: 4 },
] as const;
const FRAME_HEADER_MAX = 10;

/** Something that is written at once. @param bytes above TLS */
export function wireBytes(bytes: number): number {
  const sent = bytes + TLS_RECORD;
  return sent + Math.ceil(sent / PACKET_PAYLOAD) * PACKET_HEADERS;
}

/** A WebSocket frame, sent for itself. @param payload in bytes */
export function frameWireBytes(payload: number): number {
  const header = FRAME_HEADERS.find(({ below }) => payload < below)?.bytes ?? FRAME_HEADER_MAX;
  return wireBytes(header + payload);
}
