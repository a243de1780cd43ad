export interface ResetMail {
  readonly name: string;
  readonly link: string;
  /** An Accept-Language header. */
  readonly language: string;
  /** What the server is called. */
  readonly server: string;
}

/** A mail with a reset link, in English or 简体中文. Plain text, so that nothing in a name can be more than a name. */
export function resetMail({ name, link, language, server }: ResetMail): { subject: string; text: string } {
  return prefersChinese(language)
    ? {
        subject: `重设${server}的密码`,
        text: `${name}，你好：

请打开下面的链接，为你在“${server}”的账号设置新密码：

${link}

链接一小时内有效，只能使用一次。设置新密码后，所有设备都需要重新登录。
如果不是你本人要求的，请忽略这封邮件，你的密码不会改变。
`,
      }
    : {
        subject: `A new password for ${server}`,
        text: `Hello ${name},

Open this link to set a new password for your account on ${server}:

${link}

It is good for one hour, and once. All your devices will have to sign in again.
If you did not ask for it, do nothing: your password stays as it is.
`,
      };
}

/** Whether Chinese comes before English in an Accept-Language header; what comes first counts, as browsers write it. */
function prefersChinese(language: string): boolean {
  const first = language.split(',').find((each) => /^\s*(zh|en)\b/i.test(each));
  return /^\s*zh/i.test(first ?? '');
}
