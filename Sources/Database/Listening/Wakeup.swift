internal import CLibPQ
internal import Glibc

/// Wakes a thread out of `poll`, once and for good.
final class Wakeup: Sendable {
    let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))

    deinit { close(descriptor) }

    /// From any thread, any number of times.
    func signal() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout.size(ofValue: one))
    }

    /// Waits for the signal; true when it has come, false when the time is up.
    func wait(for pause: Duration) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, Int32(clamping: pause.wholeMilliseconds)) > 0
    }
}
