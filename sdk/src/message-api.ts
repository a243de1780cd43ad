import type { ReactorsView } from '@pokers/protocol/http';
import type { HttpApi } from './http-api.ts';

/** The emoji on a message, and who put them there: up to 200 people for each, by name. Most pages do without it. */
export async function reactionsOf(http: HttpApi, message: number): Promise<ReactorsView['reactions']> {
  return (await http.ask<ReactorsView>('GET', `/api/messages/${message}/reactions`)).reactions;
}
