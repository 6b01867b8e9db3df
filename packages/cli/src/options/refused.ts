// Options of `docker run` that mean something here nobody provides. Naming them beats "unknown option".

const FOREGROUND = 'a container of iso run ends with the command; there is nothing that would keep it'
const NETWORK = 'a container has no network but its own loopback, or that of the host (--network host)'
const IMAGES = 'a root is the image host or a directory; nothing is pulled'

/** Long name, with its short one where it has one, to the reason. */
const REFUSED: readonly (readonly [names: string, reason: string])[] = [
  ['d detach', FOREGROUND],
  ['detach-keys', FOREGROUND],
  ['restart', FOREGROUND],
  ['cidfile', FOREGROUND],
  ['l label', FOREGROUND],
  ['label-file', FOREGROUND],
  ['health-cmd', FOREGROUND],
  ['log-driver', FOREGROUND],
  ['log-opt', FOREGROUND],
  ['a attach', 'standard output and error are always connected, standard input with -i'],
  ['p publish', NETWORK],
  ['P publish-all', NETWORK],
  ['expose', NETWORK],
  ['link', NETWORK],
  ['dns', NETWORK],
  ['dns-search', NETWORK],
  ['add-host', NETWORK],
  ['ip', NETWORK],
  ['mac-address', NETWORK],
  ['platform', IMAGES],
  ['pull', IMAGES],
  ['q quiet', IMAGES],
  ['volumes-from', 'volumes by name are not kept; share a directory of the host with -v'],
  ['volume-driver', 'volumes by name are not kept; share a directory of the host with -v'],
  ['gpus', 'name the devices with --device'],
  ['runtime', 'there is one runtime'],
]

/** Why an option of `docker run` is not there. @param flag `-d` or `--detach`; undefined for any other. */
export function refusal(flag: string): string | undefined {
  const name = flag.replace(/^--?/, '').replace(/=.*$/s, '')
  return REFUSED.find(([names]) => names.split(' ').includes(name))?.[1]
}
