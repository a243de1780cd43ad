import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsFiles } from './config.ts';
import { StartError } from './errors.ts';

export interface Certificate {
  /** The certificate with its chain, and its key, both in PEM. */
  readonly cert: string;
  readonly key: string;
  readonly validTo: Date;
}

/** @throws StartError that says which file is wrong, and how */
export function readCertificate(files: TlsFiles): Certificate {
  const cert = read(files.cert, '--tls-cert');
  const key = read(files.key, '--tls-key');
  const certificate = certificateIn(cert, files.cert);
  if (!certificate.checkPrivateKey(keyIn(key, files.key)))
    throw new StartError(
      `The key in ${files.key} is not that of the certificate in ${files.cert}. Give the two that belong together.`,
    );
  return { cert, key, validTo: new Date(certificate.validTo) };
}

function read(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why =
      { ENOENT: 'it is not there', EACCES: 'this account may not', EISDIR: 'it is a folder' }[code ?? ''] ??
      message;
    throw new StartError(`Cannot read ${file}: ${why}. Correct ${option}.`, { cause });
  }
}

function certificateIn(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw new StartError(
      `There is no certificate in ${file}. It must be in PEM, beginning with -----BEGIN CERTIFICATE-----.`,
      { cause },
    );
  }
}

function keyIn(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    const hint = text.includes('ENCRYPTED')
      ? 'It has a passphrase; take that off (openssl pkey).'
      : 'It must be in PEM, beginning with -----BEGIN PRIVATE KEY-----.';
    throw new StartError(`There is no key that can be used in ${file}. ${hint}`, { cause });
  }
}
