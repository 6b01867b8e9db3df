{
  'targets': [
    {
      'target_name': 'addon',
      'sources': [
        'addon/binding.c',
        'addon/capability.c',
        'addon/eventfd.c',
        'addon/flock.c',
        'addon/memfd.c',
        'addon/mknod.c',
        'addon/mount.c',
        'addon/namespace.c',
        'addon/napi-helpers.c',
        'addon/open.c',
        'addon/pidfd.c',
        'addon/pty.c',
        'addon/rights.c',
        'addon/watch.c',
        'addon/xattr.c',
      ],
      'cflags': ['-O2', '-Wall', '-Wextra', '-std=gnu11', '-fvisibility=hidden'],
      'cflags!': ['-O3'],
      'conditions': [['OS!="linux"', {'type': 'none'}]],
    },
    # --- second target: iso-init -------------------------------------------------------------------------------------
    # An action that builds the static helper; it goes here.
  ],
}
