// How QEMU is started.

// cx16=off: with cmpxchg16b, QEMU 7.2 corrupts the memory of Linux 6.12 when it emulates.
const PROCESSOR = { kvm: 'host', tcg: 'max,cx16=off' }
const ACCELERATOR = { kvm: 'kvm', tcg: 'tcg,thread=multi' }

/** File descriptor of the channel to the agent. */
export const CHANNEL = 3

/**
 * @param {{ accelerator: 'kvm' | 'tcg', vmlinux: string, initramfs: string, disk: string, log: string, memoryMib: number,
 *   processors: number }} options
 * @returns {string[]} argv
 */
export function qemuArguments({ accelerator, vmlinux, initramfs, disk, log, memoryMib, processors }) {
  return [
    'qemu-system-x86_64',
    ...['-accel', ACCELERATOR[accelerator]],
    ...['-cpu', PROCESSOR[accelerator]],
    // microvm would start sooner, and hangs now and then when it is emulated.
    ...['-machine', 'q35'],
    ...['-smp', String(processors), '-m', String(memoryMib)],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-serial', `file:${escape(log)}`],
    ...['-kernel', vmlinux, '-initrd', initramfs],
    ...['-append', 'console=ttyS0 loglevel=5 panic=-1 nokaslr mitigations=off'],
    // Read-only is enforced here, not in the guest.
    ...['-virtfs', 'local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap'],
    ...['-drive', `if=none,id=scratch,format=raw,cache=unsafe,file=${escape(disk)}`],
    ...['-device', 'virtio-blk-pci,drive=scratch'],
    ...['-chardev', `socket,id=agent,fd=${CHANNEL}`],
    ...['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=agent,name=agent'],
  ]
}

// A comma ends a value; doubled it is one.
function escape(path) {
  return path.replaceAll(',', ',,')
}
