import { personOf } from '../server.ts';
import { postOverHttp } from './http-post.ts';
import { openSocket } from './socket-line.ts';
import type { Way } from './way.ts';

export const classic: Way = {
  name: 'classic',
  title: 'Classic WebSocket',
  about: 'the original’s protocol: posts go over HTTP and are then announced; everyone gets the whole record',
  guess: { members: 120, postsPerSecond: 7 },

  async join(server, index, ears) {
    const person = personOf(server, index);
    const who = {
      thread_id: server.thread,
      class_id: server.classId,
      speaker: person.id,
      speaker_name: person.name,
    };
    const join = JSON.stringify({ action: 'join', ...who });
    const steps = [{ until: '"op":"connect"' }, { say: join, until: '"op":"join"' }];
    const socket = await openSocket(server, { steps }, ears);
    const post = async (text: string): Promise<void> => {
      const { id } = await postOverHttp(server, person, text);
      socket.send(JSON.stringify({ action: 'send', ...who, mes_id: id }));
    };
    return {
      post: (text) => void post(text).catch((error: unknown) => ears.lost(String(error))),
      leave: () => socket.leave(),
    };
  },
};
