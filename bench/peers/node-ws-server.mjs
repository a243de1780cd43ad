// @ts-check
/** The least that ws can do: pass every frame on to all in its room. Nobody signs in and nothing is stored. */
import { WebSocketServer } from 'ws';

/** @type {Map<string, Set<import('ws').WebSocket>>} */
const rooms = new Map();
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  perMessageDeflate: false,
  clientTracking: false,
});

server.on('connection', (socket, request) => {
  const [, role, thread = '0'] = request.url?.split('/') ?? [];
  const room = rooms.get(thread) ?? new Set();
  rooms.set(thread, room);
  if (role === 'member') {
    room.add(socket);
    socket.on('close', () => room.delete(socket));
  }
  socket.on('message', (frame) => {
    for (const member of room) member.send(frame, { binary: false });
  });
});
server.on('listening', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.stdout.write(`listening on ${address.port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
