import type { SeldomTexts } from './text.ts';

/** What the seldom errors mean; loaded when the first of them comes. */
export const enSeldom: SeldomTexts = {
  'error.unknown_action': 'The server does not know this action. Reload the page.',
  'error.class_not_found': 'This class does not exist, or you are not in it.',
  'error.message_not_found': 'This message does not exist any more.',
  'error.wrong_credentials':
    'The name or e-mail, or the password, is wrong. Where several have the same name, use the e-mail.',
  'error.email_taken': 'There is an account with this e-mail already. Sign in instead.',
  'error.join_code_not_found': 'No class has this code. Ask for it once more.',
  'error.class_needs_head': 'A class needs a head: make someone else head first.',
  'error.invitation_not_found': 'This invitation does not exist. Check the link, or ask for a new one.',
  'error.invitation_expired': 'This invitation has run out. Ask for a new one.',
  'error.invitation_used_up': 'This invitation was used as often as it may be. Ask for a new one.',
  'error.invitation_revoked': 'This invitation was taken back. Ask for a new one.',
  'error.banned': 'You were banned from this class. Only its head or teachers can lift that.',
  'error.joining_closed': 'This class takes nobody in by its code. Ask for an invitation.',
  'error.member_not_found': 'There is no such member in this class.',
  'error.request_not_found': 'There is no such request. Somebody else may have decided it.',
  'error.picture_invalid': 'This is no picture that can be shown. Choose a PNG, JPEG or WebP file.',
  'error.already_member': 'This person is in the class already.',
  'error.list_invalid': 'The list has errors. Nobody was added; correct the lines and send it again.',
  'error.not_found': 'There is nothing here.',
  'error.hello_required': 'The connection was not ready. Try again.',
  'error.nonce_conflict': 'This message was mixed up with another one. Send it again.',
  'error.origin_denied': 'The server refuses requests from this address. Open Pokers at its own address.',
  'error.json_required': 'The server did not understand the request. Reload the page.',
  'error.scope_missing': 'This token may not do this. Make one with the scope that is missing.',
  'error.session_required': 'Programs with a token may not do this. Sign in and do it yourself.',
  'error.second_factor_required': 'Enter the code of your authenticator app, or one of your recovery codes.',
  'error.wrong_code': 'This code is wrong, or was used already. Enter the next one that the app shows.',
  'error.account_disabled': 'This account is disabled. Ask the head of the server.',
  'error.wrong_password': 'Your password is wrong. Nothing was changed.',
  'error.link_not_good': 'This link was used already, or has run out. Ask for a new one.',
  'error.second_factor_on': 'A second factor is on already. Switch it off first.',
  'error.second_factor_off': 'No second factor is on. Set one up first.',
  'error.user_not_found': 'This user does not exist.',
  'error.last_head': 'Nobody else heads the server. Make someone else a head first.',
  'error.sign_up_closed': 'This server takes no new accounts by itself. Ask the head of the server for one.',
  'error.invitation_required':
    'An account here needs an invitation that is still good. Ask for a link to a class.',
  'error.oidc_failed':
    'The sign-in service gave no answer that can be trusted. Nothing was changed; try again.',
  'error.oidc_denied': 'The sign-in service did not let you in.',
  'error.oidc_email_unverified':
    'There is an account with this e-mail, and the sign-in service has not made sure that it is yours. Sign in with your password.',
  'error.frame_too_large': 'This is too long. Shorten it and send it again.',
};
