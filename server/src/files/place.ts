import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';

/** A bucket, and how it is reached. */
export interface S3Place {
  readonly bucket: string;
  /** What all keys of this server begin with: empty, or with a slash at its end. */
  readonly prefix: string;
  readonly region: string;
  /** Undefined: Amazon's own. */
  readonly endpoint?: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where files are: in a folder, or in a bucket. */
export type FilesPlace = { readonly folder: string } | { readonly s3: S3Place };

const FORM = 's3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]';

/**
 * @param text a folder, or `s3://…`; the keys are in the environment, as for Amazon's own tools
 * @throws UsageError
 */
export function filesPlace(text: string, env: Readonly<Record<string, string | undefined>>): FilesPlace {
  if (!/^s3:/i.test(text)) return { folder: resolve(text) };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname || url.username || url.password || url.hash)
    throw new UsageError(`--files must be a folder or ${FORM}.`);
  const {
    endpoint,
    region = env.AWS_REGION ?? 'us-east-1',
    ...others
  } = Object.fromEntries(url.searchParams);
  const [other] = Object.keys(others);
  if (other !== undefined) throw new UsageError(`--files knows endpoint and region, not ${other}.`);
  if (endpoint !== undefined && !/^https?:\/\/[^/]/.test(endpoint))
    throw new UsageError('The endpoint in --files must begin with https:// or http://.');
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey)
    throw new UsageError('--files s3://… needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  const { AWS_SESSION_TOKEN: sessionToken } = env;
  return {
    s3: {
      bucket: url.hostname,
      prefix: prefix && `${prefix}/`,
      region,
      accessKeyId,
      secretAccessKey,
      ...(endpoint !== undefined && { endpoint }),
      ...(sessionToken && { sessionToken }),
    },
  };
}
