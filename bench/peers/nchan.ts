import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerChild } from '../children.ts';
import { freePort } from './free-port.ts';
import type { Peer, Place } from './peer.ts';

/** Where Debian's package libnginx-mod-nchan puts it. */
const MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so';

export const nchan: Peer = {
  name: 'nchan',
  about:
    'nginx with its module nchan, one worker, nothing kept: nobody signs in, nothing is checked or stored',

  missing() {
    if (Bun.which('nginx') && existsSync(MODULE)) return undefined;
    return 'nginx or its module nchan is not installed (apt-get install nginx libnginx-mod-nchan)';
  },

  async start(place) {
    const port = freePort();
    return { server: await launchNginx(place, port), target: { port } };
  },

  connect: (_target, role, _index, thread = 0) => ({ path: `/${role}/${thread}`, headers: {}, steps: [] }),

  post: (_target, text) => text,
};

/** The worker is what counts; its master, which does nothing, is who is told to stop. */
async function launchNginx({ scratch, launch }: Place, port: number): Promise<ServerChild> {
  const folder = join(scratch, `nchan-${port}`);
  mkdirSync(folder);
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, configuration(folder, port));
  const master = await launch(['nginx', '-p', folder, '-c', config], /start worker process (\d+)/);
  return { ...master, pid: workerOf(master.pid) };
}

function workerOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

function configuration(folder: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
load_module ${MODULE};
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 19000; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  nchan_store_messages off;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location ~ ^/member/(.+)$ {
      nchan_subscriber websocket;
      nchan_channel_id $1;
    }
    location ~ ^/poster/(.+)$ {
      nchan_publisher websocket;
      nchan_channel_id $1;
    }
  }
}
`;
}
