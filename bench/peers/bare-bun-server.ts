/** The least that Bun can do: pass every frame on to all, as it came. Nobody signs in and nothing is stored. */

const EVERYONE = 'everyone';

const server = Bun.serve<{ isMember: boolean }>({
  port: 0,
  hostname: '127.0.0.1',
  fetch(request, server) {
    const isMember = !request.url.endsWith('/poster');
    return server.upgrade(request, { data: { isMember } }) ? undefined : new Response(null, { status: 400 });
  },
  websocket: {
    open(socket) {
      if (socket.data.isMember) socket.subscribe(EVERYONE);
    },
    message(_socket, frame) {
      server.publish(EVERYONE, frame);
    },
  },
});
process.on('SIGTERM', () => process.exit(0));
process.stdout.write(`listening on ${server.port}\n`);
