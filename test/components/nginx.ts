import { debianProgram } from './debian-program.ts';

export const nginx = debianProgram({
  name: 'nginx',
  package: 'nginx',
  program: 'usr/sbin/nginx',
  versionFlag: '-v',
  variable: 'DRIFTLINE_NGINX',
});
