import type { Signals } from '../bus/signals.ts';
import type { Connection } from '../hub/connection.ts';
import type { Egress } from '../hub/egress.ts';
import type { Hub, Publish } from '../hub/hub.ts';
import type { Nodes } from '../presence/nodes.ts';
import { Presence } from '../presence/presence.ts';
import type { Records } from '../store/records.ts';
import { Here } from './here.ts';
import { LinkShare } from './link-share.ts';
import { News } from './news.ts';
import { Typing } from './typing.ts';

export interface AsidesParts {
  readonly signals: Signals;
  readonly nodes: Nodes;
  readonly store: Records;
  readonly hub: Hub;
  readonly egress: Egress;
  readonly publish: Publish;
  /** How many connections of this process subscribed to a topic. */
  readonly audience: (topic: string) => number;
  readonly open: () => Iterable<Connection>;
  readonly onError: (error: unknown) => void;
}

/**
 * What is said beside the changes of threads: news of other threads, who types, who is here. None of it is stored, all of
 * it may be late or lost, and together it takes a small part of the link.
 */
export class Asides {
  readonly news: News;
  readonly typing: Typing;
  readonly here: Here;
  readonly presence: Presence;

  constructor({ signals, nodes, egress, hub, open, ...parts }: AsidesParts) {
    const share = new LinkShare(egress);
    this.news = new News({ signals, share, open, onError: parts.onError });
    this.typing = new Typing({ signals, share, hub });
    this.presence = new Presence(signals, nodes, (user) => this.here.changed(user));
    this.here = new Here({ ...parts, share, isHere: (user) => this.presence.isHere(user) });
  }

  stop(): void {
    this.news.stop();
    this.typing.stop();
    this.here.stop();
    this.presence.stop();
  }
}
