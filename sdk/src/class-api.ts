import type {
  AddedView,
  AuditView,
  BanView,
  ClassView,
  InvitationView,
  Joining,
  MemberView,
  OfferView,
  PreviewView,
  RequestView,
  ThreadMakers,
  ThreadView,
} from '@pokers/protocol/classes';
import type { Role } from '@pokers/protocol/rights';
import type { HttpApi } from './http-api.ts';

type InvitedRole = Exclude<Role, 'head'>;

/** What changes of a class; what is not given stays. */
export interface ClassChange {
  readonly name?: string;
  readonly description?: string;
  readonly joining?: Joining;
  readonly threads_by?: ThreadMakers;
  readonly archived?: boolean;
}

/** Running a class over the HTTP door; apart from `HttpApi`, since most pages do without it. */
export class ClassApi {
  readonly #http: HttpApi;
  readonly #path: string;

  constructor(http: HttpApi, classId: number) {
    this.#http = http;
    this.#path = `/api/classes/${classId}`;
  }

  change(change: ClassChange): Promise<ClassView> {
    return this.#http.ask('PATCH', this.#path, change);
  }

  /** @param base64 a PNG, JPEG or WebP file of 64 KiB at most; undefined takes the picture away */
  setPicture(base64: string | undefined): Promise<ClassView> {
    if (base64 === undefined) return this.#http.ask('DELETE', `${this.#path}/picture`);
    return this.#http.ask('PUT', `${this.#path}/picture`, { base64 });
  }

  renewCode(): Promise<ClassView> {
    return this.#http.ask('POST', `${this.#path}/code`, {});
  }

  handOver(user: number): Promise<ClassView> {
    return this.#http.ask('POST', `${this.#path}/head`, { user });
  }

  async leave(): Promise<void> {
    await this.#http.ask('POST', `${this.#path}/leave`, {});
  }

  /** A page in order of ids. @param after the last id of the page before */
  members(after = 0): Promise<{ members: MemberView[]; more: boolean }> {
    return this.#http.ask('GET', `${this.#path}/members?after=${after}`);
  }

  setRole(user: number, role: Role): Promise<MemberView> {
    return this.#http.ask('PATCH', `${this.#path}/members/${user}`, { role });
  }

  /** @param seconds from now; 0 ends it */
  mute(user: number, seconds: number): Promise<MemberView> {
    return this.#http.ask('PATCH', `${this.#path}/members/${user}`, { muted_for: seconds });
  }

  async remove(user: number): Promise<void> {
    await this.#http.ask('DELETE', `${this.#path}/members/${user}`);
  }

  async ban(user: number): Promise<void> {
    await this.#http.ask('PUT', `${this.#path}/bans/${user}`, {});
  }

  async liftBan(user: number): Promise<void> {
    await this.#http.ask('DELETE', `${this.#path}/bans/${user}`);
  }

  async bans(): Promise<BanView[]> {
    return (await this.#http.ask<{ bans: BanView[] }>('GET', `${this.#path}/bans`)).bans;
  }

  async requests(): Promise<RequestView[]> {
    return (await this.#http.ask<{ requests: RequestView[] }>('GET', `${this.#path}/requests`)).requests;
  }

  async decide(user: number, accept: boolean): Promise<void> {
    await this.#http.ask('POST', `${this.#path}/requests/${user}`, { accept });
  }

  /** The newest first. @param before the last id of the page before */
  invitations(before?: number): Promise<{ invitations: InvitationView[]; more: boolean }> {
    return this.#http.ask(
      'GET',
      `${this.#path}/invitations${before === undefined ? '' : `?before=${before}`}`,
    );
  }

  invite(draft: { role: InvitedRole; days?: number; uses?: number }): Promise<InvitationView> {
    return this.#http.ask('POST', `${this.#path}/invitations`, draft);
  }

  async revoke(invitation: number): Promise<void> {
    await this.#http.ask('DELETE', `/api/invitations/${invitation}`);
  }

  /** What a pasted list or CSV says, and what is wrong with it. Nothing is changed. */
  preview(text: string, role: InvitedRole): Promise<PreviewView> {
    return this.#http.ask('POST', `${this.#path}/people/preview`, { text, role });
  }

  async addPeople(
    text: string,
    role: InvitedRole,
    give: 'links' | 'passwords',
  ): Promise<AddedView['people']> {
    return (await this.#http.ask<AddedView>('POST', `${this.#path}/people`, { text, role, give })).people;
  }

  /** The newest first. @param before the last id of the page before */
  audit(before?: number): Promise<AuditView> {
    return this.#http.ask('GET', `${this.#path}/audit${before === undefined ? '' : `?before=${before}`}`);
  }
}

/** What a link offers; needs no session. @param token what the link ends with */
export function offer(http: HttpApi, token: string): Promise<OfferView> {
  return http.ask('GET', `/api/offers/${token}`);
}

/** Enters a class by a link. */
export function accept(http: HttpApi, token: string): Promise<ClassView> {
  return http.ask('POST', `/api/offers/${token}`, {});
}

export function changeThread(
  http: HttpApi,
  thread: number,
  change: { name?: string; pinned?: boolean; read_only?: boolean; archived?: boolean },
): Promise<ThreadView> {
  return http.ask('PATCH', `/api/threads/${thread}`, change);
}

/** @param name the thread's, as a confirmation: it does not come back */
export async function deleteThread(http: HttpApi, thread: number, name: string): Promise<void> {
  await http.ask('DELETE', `/api/threads/${thread}`, { confirm: name });
}
