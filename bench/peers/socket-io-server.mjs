// @ts-check
/** The least that Socket.IO can do: emit every post to all in its room. Nobody signs in and nothing is stored. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });

io.on('connection', (socket) => {
  const { role, thread } = socket.handshake.query;
  const room = String(thread);
  if (role === 'member') socket.join(room);
  socket.on('post', (text) => io.to(room).emit('post', text));
});
http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address && typeof address === 'object') process.stdout.write(`listening on ${address.port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
