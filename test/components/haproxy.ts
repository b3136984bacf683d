import { debianProgram } from './debian-program.ts';

export const haproxy = debianProgram({
  name: 'HAProxy',
  package: 'haproxy',
  program: 'usr/sbin/haproxy',
  versionFlag: '-v',
  variable: 'DRIFTLINE_HAPROXY',
});
