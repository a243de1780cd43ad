import { expect, test } from 'bun:test';
import { preferredTag, regionalTag } from './language.ts';

test('The first language of the browser that we have is taken', () => {
  expect(preferredTag(['zh-TW', 'en-US'])).toBe('zh-CN');
  expect(preferredTag(['de-DE', 'zh-Hans-CN', 'en'])).toBe('zh-CN');
  expect(preferredTag(['fr', 'en-GB', 'zh'])).toBe('en');
  expect(preferredTag(['fr'])).toBe('en');
  expect(preferredTag([])).toBe('en');
});

test('Dates are those of the reader’s own English', () => {
  expect(regionalTag('en', ['zh-CN', 'en-GB', 'en'])).toBe('en-GB');
  expect(regionalTag('en', ['zh-CN'])).toBe('en');
  expect(regionalTag('zh-CN', ['zh-TW'])).toBe('zh-CN');
});
