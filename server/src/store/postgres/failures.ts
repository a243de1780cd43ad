import pg from 'pg';
import { PokersError } from '../../errors.ts';

/**
 * Those of PostgreSQL's codes that say that it cannot be used now, and not that something was wrong with what it was
 * asked: the connection is lost (08), resources run out (53), an operator or a time limit stepped in (57), the system
 * fails (58), this is a standby or the session was ended for standing still (25), a lock was waited for too long (55P03),
 * nobody is let in (28).
 */
const UNAVAILABLE = /^(08...|53...|57...|58...|25006|25P0[34]|55P03|28...|3D000)$/;

/** What the driver and the system say where there is no answer at all. */
const LOST =
  /^(Connection terminated|Client has encountered a connection error|Query read timeout|timeout exceeded)/;
const SYSTEM_CODE = /^E[A-Z_]+$/;

/** Another transaction came in between: the same may go well when it is begun again. */
const IN_BETWEEN = new Set(['40001', '40P01', '23505']);

/** Whether the database cannot be reached or used now. The connection is of no more use then. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return UNAVAILABLE.test(error.code ?? '');
  if (!(error instanceof Error) || error instanceof PokersError) return false;
  return LOST.test(error.message) || SYSTEM_CODE.test(String((error as { code?: unknown }).code ?? ''));
}

/** Whether it may be read all the same: it is a standby yet, or its disk is full. */
export function isOfWriting(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '25006' || error.code === '53100');
}

export function isInBetween(error: unknown): boolean {
  return error instanceof pg.DatabaseError && IN_BETWEEN.has(error.code ?? '');
}

/** What clients are told: `store_unavailable` where it is not the request's fault. */
export function told(error: unknown): unknown {
  return isUnavailable(error) ? new PokersError('store_unavailable', undefined, { cause: error }) : error;
}

export function reasonOf(error: unknown): string {
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
