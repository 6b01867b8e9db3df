// Options of `docker run` that mean something here nobody provides. Naming them beats "unknown option".

const FOREGROUND = 'a container of iso run ends with the command; there is nothing that would keep it'
const NETWORK = 'a container has no network but its own loopback, or that of the host (--network host)'
const IMAGES = 'a root is the image host or a directory; nothing is pulled'

const RECORDS = 'a container of iso run keeps no records beyond its end'
const HEALTH = 'nothing watches the health of a container; --timeout ends one that hangs'
const WINDOWS = 'it is for Windows'

/** Long name, with its short one where it has one, to the reason. */
const REFUSED: readonly (readonly [names: string, reason: string])[] = [
  ['d detach', FOREGROUND],
  ['detach-keys', FOREGROUND],
  ['restart', FOREGROUND],
  ['cidfile', FOREGROUND],
  ['l label', RECORDS],
  ['label-file', RECORDS],
  ['annotation', RECORDS],
  ['log-driver', RECORDS],
  ['log-opt', RECORDS],
  ...['cmd', 'interval', 'retries', 'start-interval', 'start-period', 'timeout'].map(
    (name) => [`health-${name}`, HEALTH] as const
  ),
  ['no-healthcheck', HEALTH],
  ['a attach', 'standard output and error are always connected, standard input with -i'],
  ['p publish', NETWORK],
  ['P publish-all', NETWORK],
  ...['expose', 'link', 'link-local-ip', 'network-alias', 'add-host', 'ip', 'ip6', 'mac-address'].map(
    (name) => [name, NETWORK] as const
  ),
  ...['dns', 'dns-opt', 'dns-option', 'dns-search'].map((name) => [name, NETWORK] as const),
  ['platform', IMAGES],
  ['pull', IMAGES],
  ['q quiet', IMAGES],
  ['disable-content-trust', IMAGES],
  ['volumes-from', 'volumes by name are not kept; share a directory of the host with -v'],
  ['volume-driver', 'volumes by name are not kept; share a directory of the host with -v'],
  ['storage-opt', 'the writable layer is memory; --storage-size limits it'],
  ['gpus', 'name the devices with --device'],
  ['runtime', 'there is one runtime'],
  ['kernel-memory', 'kernels since 5.4 count kernel memory in --memory'],
  [
    'cpu-rt-period',
    'realtime quotas exist on cgroup v1 only; --ulimit rtprio=… lets a program ask for realtime priority',
  ],
  [
    'cpu-rt-runtime',
    'realtime quotas exist on cgroup v1 only; --ulimit rtprio=… lets a program ask for realtime priority',
  ],
  ...['isolation', 'cpu-count', 'cpu-percent', 'io-maxbandwidth', 'io-maxiops'].map((name) => [name, WINDOWS] as const),
]

/** Why an option of `docker run` is not there. @param flag `-d` or `--detach`; undefined for any other. */
export function refusal(flag: string): string | undefined {
  const name = flag.replace(/^--?/, '').replace(/=.*$/s, '')
  return REFUSED.find(([names]) => names.split(' ').includes(name))?.[1]
}
