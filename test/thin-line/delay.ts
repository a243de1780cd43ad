/**
 * `bun delay.ts LISTEN_PORT HOST PORT`: passes bytes on between a loopback port and another host, 25 ms late in each
 * direction; and what a new connection costs, a round trip, before it is made. In the place of the kernel's netem,
 * which many kernels lack. Says `ready` when it listens.
 */
const ONE_WAY_MS = 25;

const [listen, host = '', port] = process.argv.slice(2);

interface Pipe {
  other?: Bun.Socket<Pipe>;
  /** What came before there was another end. */
  waiting: Buffer[];
  ended: boolean;
}

const late = (pipe: Pipe, bytes: Buffer): void => {
  const copy = Buffer.from(bytes);
  setTimeout(() => pass(pipe, copy), ONE_WAY_MS);
};

/** Bun's write takes what fits; the rest is kept until there is room again. */
function pass(pipe: Pipe, bytes: Buffer): void {
  const { other } = pipe;
  if (!other || pipe.waiting.length > 0) return void pipe.waiting.push(bytes);
  const written = Math.max(0, other.write(bytes));
  if (written < bytes.length) pipe.waiting.push(bytes.subarray(written));
}

function flush(pipe: Pipe | undefined): void {
  if (!pipe?.other) return;
  for (const bytes of pipe.waiting.splice(0)) pass(pipe, bytes);
  if (pipe.ended && pipe.waiting.length === 0) pipe.other.end();
}

function end(pipe: Pipe): void {
  setTimeout(() => {
    pipe.ended = true;
    flush(pipe);
  }, ONE_WAY_MS);
}

Bun.listen<Pipe>({
  hostname: '127.0.0.1',
  port: Number(listen),
  socket: {
    open(near) {
      near.data = { waiting: [], ended: false };
      setTimeout(async () => {
        const far = await Bun.connect<Pipe>({
          hostname: host,
          port: Number(port),
          data: { other: near, waiting: [], ended: false },
          socket: {
            data: ({ data }, bytes) => late(data, bytes),
            drain: () => flush(near.data),
            close: ({ data }) => end(data),
          },
        });
        near.data.other = far;
        flush(near.data);
      }, 2 * ONE_WAY_MS);
    },
    data: ({ data }, bytes) => late(data, bytes),
    drain: ({ data }) => flush(data.other?.data),
    close: ({ data }) => end(data),
  },
});
console.log('ready');
