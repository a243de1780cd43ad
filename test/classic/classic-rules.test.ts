import { classicRules } from './classic-rules.ts';

classicRules('of one process', () => ['--workers', '1']);
classicRules('of two processes', () => ['--workers', '2']);
