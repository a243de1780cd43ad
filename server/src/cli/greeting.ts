import type { Config } from '../config.ts';
import type { DemoAccount } from '../demo/demo.ts';

/** What the console says when the server is up: where it is, and what to do first. */
export function greeting(config: Config, hasHead: boolean, demo: DemoAccount | undefined): string {
  const scheme = config.tls ? 'https' : 'http';
  const address = `${scheme}://${isLocal(config.host) ? 'localhost' : bracketed(config.host)}:${config.port}`;
  const lines = [
    `Pokers is running at ${address}`,
    ...(config.url ? [`  for people: ${config.url}`] : []),
    `  data: ${config.data}   workers: ${config.workers}   classic: ${config.classic}`,
  ];
  if (!hasHead)
    lines.push(
      '',
      'Nobody heads this server yet: open the address and sign up. The first account to sign up heads it.',
    );
  if (demo) lines.push('', `Demo class: sign in as ${demo.email} with the password ${demo.password}`);
  if (isLoopback(config.host)) {
    lines.push(
      '',
      'Only this machine can reach it. For others: --host 0.0.0.0, or a proxy in front (see the README).',
    );
  }
  return `${lines.join('\n')}\n\n`;
}

export function openDoorWarning(): string {
  return [
    '',
    '  !! --classic open: old clients are believed whoever they say they are.',
    '  !! Anyone who reaches this port can read every thread and speak as anyone there. So can every page of',
    '  !! any site that someone opens in a browser that reaches it. TLS and a proxy change nothing about that.',
    '  !! Use it only on a closed network, for as long as old clients need it.',
    '',
    '',
  ].join('\n');
}

function isLocal(host: string): boolean {
  return isLoopback(host) || host === '0.0.0.0' || host === '::';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
