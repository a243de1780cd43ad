/** The least that Bun can do: pass every frame on to all, as it came. Nobody signs in and nothing is stored. */

interface Seat {
  readonly role: string | undefined;
  readonly thread: string;
}

const server = Bun.serve<Seat>({
  port: 0,
  hostname: '127.0.0.1',
  fetch(request, server) {
    const [, role, thread = '0'] = new URL(request.url).pathname.split('/');
    return server.upgrade(request, { data: { role, thread } })
      ? undefined
      : new Response(null, { status: 400 });
  },
  websocket: {
    open(socket) {
      if (socket.data.role === 'member') socket.subscribe(socket.data.thread);
    },
    message(socket, frame) {
      server.publish(socket.data.thread, frame);
    },
  },
});
process.on('SIGTERM', () => process.exit(0));
process.stdout.write(`listening on ${server.port}\n`);
