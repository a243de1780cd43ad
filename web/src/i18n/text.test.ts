import { expect, test } from 'bun:test';
import { ERRORS } from '@pokers/protocol/codes';
import { en } from './en.ts';
import { enSeldom } from './en-seldom.ts';
import { fillText, type Text } from './text.ts';
import { zhCN } from './zh-CN.ts';
import { zhCNSeldom } from './zh-CN-seldom.ts';

const ENGLISH: Readonly<Record<string, Text>> = { ...en, ...enSeldom };
const CHINESE: Readonly<Record<string, Text>> = { ...zhCN, ...zhCNSeldom };

const forms = (text: Text | undefined): string[] =>
  typeof text === 'object' ? Object.values(text) : [text ?? ''];
const slots = (form: string): string[] =>
  [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

test('Chinese has every text that English has, and no other', () => {
  expect(Object.keys(CHINESE).sort()).toEqual(Object.keys(ENGLISH).sort());
});

test('No text is empty, and every form has the slots of the others', () => {
  for (const [key, text] of Object.entries(ENGLISH)) {
    const [first = ''] = forms(text);
    for (const form of [...forms(text), ...forms(CHINESE[key])]) {
      expect(form.trim()).not.toBe('');
      expect({ key, slots: slots(form) }).toEqual({ key, slots: slots(first) });
    }
  }
});

test('A counted text has a form for every plural category of its language', () => {
  for (const [tag, texts] of Object.entries({ en: ENGLISH, 'zh-CN': CHINESE })) {
    const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
    for (const text of Object.values(texts)) {
      if (typeof text === 'object') expect(Object.keys(text).sort()).toEqual([...pluralCategories].sort());
    }
  }
});

test('Every error of the server has a text in both languages', () => {
  for (const name of Object.keys(ERRORS)) {
    expect(ENGLISH).toHaveProperty([`error.${name}`]);
    expect(CHINESE).toHaveProperty([`error.${name}`]);
  }
});

test('One member, three members', () => {
  const english = new Intl.PluralRules('en');
  expect(fillText(en['classes.members'], english, { count: 1 })).toBe('1 member');
  expect(fillText(en['classes.members'], english, { count: 3 })).toBe('3 members');
  expect(fillText(zhCN['classes.members'], new Intl.PluralRules('zh-CN'), { count: 1 })).toBe('1 位成员');
});

test('What a person wrote is filled in as it is', () => {
  expect(fillText('Hello {name}', new Intl.PluralRules('en'), { name: '{name} $& <b>' })).toBe(
    'Hello {name} $& <b>',
  );
});
